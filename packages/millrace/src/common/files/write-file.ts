import type { FileSystem } from "../platform/platform.ts";

/**
 * Writes a whole file so that a crash at any moment leaves the old one or the new one: under another name,
 * synced, and then renamed. It lasts when this resolves.
 * @throws MR_IO
 */
export async function writeFileAtomically(
  files: FileSystem,
  directory: string,
  name: string,
  ...parts: readonly Uint8Array[]
): Promise<void> {
  const temporary = `${directory}/.${name}.tmp`;
  await writeDurably(files, temporary, parts);
  await files.rename(temporary, `${directory}/${name}`);
  await files.syncDirectory(directory);
}

/** Writes a file and waits until its bytes last; its directory may still forget it. */
export async function writeDurably(
  files: FileSystem,
  path: string,
  parts: readonly Uint8Array[],
): Promise<void> {
  const writer = await files.create(path);
  try {
    for (const part of parts) await writer.write(part);
    await writer.sync();
  } finally {
    await writer.close();
  }
}
