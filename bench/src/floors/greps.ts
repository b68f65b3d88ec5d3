import { readChunks, readLines } from "./read-lines.ts";

/** The loop a good engineer writes by hand over decoded lines. */
export function grepLines(path: string, word: string): string {
  let found = 0;
  readLines(path, line => {
    if (line.includes(word)) found++;
  });
  return `${found} lines`;
}

/** Looks for the word in the bytes and only then for the lines around it: what JavaScript can do at most. */
export function grepBytes(path: string, word: string): string {
  const wanted = Buffer.from(word);
  let found = 0;
  readChunks(path, (bytes, end) => {
    const lines = bytes.subarray(0, end);
    for (let at = lines.indexOf(wanted); at >= 0; ) {
      found++;
      const next = lines.indexOf(10, at);
      at = next < 0 ? -1 : lines.indexOf(wanted, next);
    }
  });
  return `${found} lines`;
}
