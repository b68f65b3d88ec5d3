import { crc32 } from "node:zlib";

/*
 * A line people can read and a crash cannot break unseen: the CRC-32 of the JSON text in 8 hexadecimal digits,
 * a space, the JSON text, a newline.
 */

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Plain data as a line. */
export function encodeLine(value: unknown): Uint8Array {
  const json = JSON.stringify(value);
  return encoder.encode(`${checkOf(json)} ${json}\n`);
}

/** The data of the lines at the start of `bytes`, up to the first that is not whole, and where that begins. */
export function readLines(bytes: Uint8Array): { readonly values: unknown[]; readonly validBytes: number } {
  const values: unknown[] = [];
  let at = 0;
  for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, at)) {
    const line = decoder.decode(bytes.subarray(at, end));
    const json = line.slice(9);
    if (line.slice(0, 9) !== `${checkOf(json)} `) break;
    values.push(JSON.parse(json));
    at = end + 1;
  }
  return { values, validBytes: at };
}

const newline = 0x0a;

function checkOf(json: string): string {
  return crc32(json).toString(16).padStart(8, "0");
}
