import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { appendRecords } from "../iterate.ts";
import { LineCutter } from "./line-cutter.ts";

function cut(pieces: readonly Buffer[], atStart: boolean): unknown[] {
  const cutter = new LineCutter(atStart);
  const lines: unknown[] = [];
  for (const piece of pieces) {
    const bytes = Buffer.from(piece);
    appendRecords(cutter.push(bytes), lines);
    // The caller may reuse its buffer.
    bytes.fill(0x23);
  }
  appendRecords(cutter.end(), lines);
  return lines;
}

const table: readonly (readonly [name: string, pieces: readonly string[], lines: readonly string[]])[] = [
  ["nothing", [], []],
  ["empty pieces", ["", ""], []],
  ["one line without an end", ["ab"], ["ab"]],
  ["a line in pieces", ["a", "b", "c\nd"], ["abc", "d"]],
  ["empty lines", ["\n\n", "\n"], ["", "", ""]],
  ["\\r\\n cut in two", ["a\r", "\nb\r\n"], ["a", "b"]],
  ["lone \\r", ["a\rb\nc\r"], ["a", "b", "c"]],
  ["only a byte order mark", ["\uFEFF"], []],
  ["a mark before a newline", ["\uFEFF\nx"], ["", "x"]],
  ["a second mark is text", ["\uFEFF\uFEFFx"], ["\uFEFFx"]],
];

for (const [name, pieces, lines] of table) {
  test(`cuts ${name}`, () => {
    assert.deepEqual(
      cut(
        pieces.map(piece => Buffer.from(piece)),
        true,
      ),
      lines,
    );
  });
}

test("a mark in the middle of a file is text", () => {
  assert.deepEqual(cut([Buffer.from("\uFEFFa\n")], false), ["\uFEFFa"]);
});

test("lines do not depend on how the bytes were cut", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("a", "é", "😀", "\n", "\r"), maxLength: 40 }),
      fc.array(fc.nat(100), { maxLength: 8 }),
      (text, cuts) => {
        const bytes = Buffer.from(text);
        const borders = [
          0,
          ...cuts.map(at => Math.min(at, bytes.length)).sort((a, b) => a - b),
          bytes.length,
        ];
        const pieces = borders.slice(1).map((to, i) => bytes.subarray(borders[i], to));
        assert.deepEqual(cut(pieces, true), cut([bytes], true));
      },
    ),
  );
});
