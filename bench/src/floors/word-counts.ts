import { CountingTable } from "./counting-table.ts";
import { PackedCountingTable } from "./packed-counting-table.ts";
import { readChunks, readLines } from "./read-lines.ts";

const SPACE = 32;
const NEWLINE = 10;

/** What a JavaScript programmer writes first: `split` and a `Map`. */
export function countWithMap(path: string): string {
  const counts = new Map<string, number>();
  readLines(path, line => {
    for (const word of line.split(" ")) counts.set(word, (counts.get(word) ?? 0) + 1);
  });
  let total = 0;
  for (const count of counts.values()) total += count;
  return `${total} words, ${counts.size} different`;
}

/** The fused loop a good engineer writes by hand over the structures Millrace uses: the yardstick of its cost. */
export function countWithTable(path: string): string {
  const table = new CountingTable();
  readLines(path, line => {
    const words = line.split(" ");
    for (let i = 0; i < words.length; i++) table.add(words[i] as string);
  });
  return table.summary();
}

/** The same without the array of `split`, and keys compared by their packed characters. */
export function countWithPackedTable(path: string): string {
  const table = new PackedCountingTable();
  readLines(path, line => {
    let from = 0;
    for (let to = line.indexOf(" "); to >= 0; to = line.indexOf(" ", from)) {
      table.add(line.substring(from, to));
      from = to + 1;
    }
    table.add(line.substring(from));
  });
  return table.summary();
}

/** No line and no word becomes a string but for new keys: what JavaScript can do at most (words up to 12 bytes). */
export function countFromBytes(path: string): string {
  const table = new PackedCountingTable();
  readChunks(path, (bytes, end) => {
    let a = 0;
    let b = 0;
    let c = 0;
    let from = 0;
    for (let i = 0; i < end; i++) {
      const byte = bytes[i] as number;
      if (byte === SPACE || byte === NEWLINE) {
        if (!table.addKnown(a, b, c)) table.addNew(a, b, c, bytes.toString("latin1", from, i));
        from = i + 1;
        a = b = c = 0;
      } else {
        c = (c << 8) | (b >>> 24);
        b = (b << 8) | (a >>> 24);
        a = (a << 8) | byte;
      }
    }
  });
  return table.summary();
}
