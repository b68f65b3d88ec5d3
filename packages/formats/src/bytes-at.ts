import type { FileReader } from "millrace";

/** Some bytes of a file; fewer than asked for at its end only. */
export async function bytesAt(file: FileReader, start: number, length: number): Promise<Buffer<ArrayBuffer>> {
  const bytes = Buffer.from(new ArrayBuffer(Math.max(0, Math.min(length, file.sizeBytes - start))));
  let at = 0;
  while (at < bytes.length) {
    const read = await file.read(bytes.subarray(at), start + at);
    if (read === 0) break;
    at += read;
  }
  return bytes.subarray(0, at);
}
