import type { FileSystem } from "../platform/platform.ts";

/**
 * All bytes of a file.
 * @throws MR_PATH_NOT_FOUND, MR_IO
 */
export async function readFile(files: FileSystem, path: string): Promise<Uint8Array> {
  const reader = files.open(path);
  try {
    const bytes = new Uint8Array(reader.sizeBytes);
    let at = 0;
    while (at < bytes.length) {
      const read = await reader.read(bytes.subarray(at), at);
      if (read === 0) break;
      at += read;
    }
    return bytes.subarray(0, at);
  } finally {
    reader.close();
  }
}
