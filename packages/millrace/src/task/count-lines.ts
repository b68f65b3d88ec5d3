const NEWLINE = 0x0a;

/** How many lines there are in `bytes[from] … bytes[to - 1]`; the newline of the last one may be missing. */
export function countLines(bytes: Uint8Array, from: number, to: number): number {
  let count = 0;
  let at = from;
  while (at < to) {
    const newline = bytes.indexOf(NEWLINE, at);
    count += 1;
    if (newline < 0) break;
    at = newline + 1;
  }
  return count;
}
