import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { AnyFunction } from "../../closure/index.ts";
import { fusedLoop, type LoopState } from "./program.ts";
import { splitSeparator } from "./split-separator.ts";

const other = "a b";
const cases: readonly (readonly [AnyFunction, string | undefined])[] = [
  [(line: string) => line.split(" "), " "],
  // biome-ignore format: the text of the function is what is tested
  [(line:string)=>line.split(','), ","],
  [($x: string) => $x.split("\t"), "\t"],
  [(line: string) => line.split("\n"), "\n"],
  [(line: string) => line.split('"'), '"'],
  [(line: string) => line.split("'"), "'"],
  [(line: string) => line.split(", "), undefined],
  [(line: string) => line.split(""), undefined],
  [(line: string) => line.split("\\"), undefined],
  [(line: string) => line.split("😀"), undefined],
  [(line: string) => line.split(/ /), undefined],
  [(line: string) => line.split(" ", 2), undefined],
  [(line: string) => line.trim().split(" "), undefined],
  [(line: string) => line.split(" ").reverse(), undefined],
  [(_: string) => other.split(" "), undefined],
  [(line = "") => line.split(" "), undefined],
  [
    function named(line: string) {
      return line.split(" ");
    },
    undefined,
  ],
  [String.prototype.split, undefined],
];

for (const [fn, separator] of cases) {
  test(`${fn} cuts at ${JSON.stringify(separator)}`, () => {
    assert.equal(splitSeparator(fn), separator);
  });
}

interface Emitted extends LoopState {
  readonly out: unknown[];
}

test("pieces are those of String.prototype.split, also after a filter and before further steps", () => {
  const lines = fc.array(
    fc
      .array(fc.constantFrom(" ", " ", "a", "bc", "é", "long enough to be sliced"))
      .map(parts => parts.join("")),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(lines, texts => {
      const bytes = Buffer.from(texts.map(text => `${text}\n`).join(""));
      const chunk = { kind: "lines", bytes, from: 0, to: bytes.length, isAscii: false } as const;
      const split = { kind: "flatMap", fn: (line: string) => line.split(" ") } as const;
      const keep = { kind: "filter", fn: (line: string) => !line.startsWith("a") } as const;
      const mark = { kind: "map", fn: (word: string) => `<${word}>` } as const;
      const words = { kind: "filter", fn: (word: string) => word !== "bc" } as const;
      const run = (...steps: readonly (typeof split | typeof keep | typeof mark | typeof words)[]) => {
        const state: Emitted = { at: -1, out: [] };
        fusedLoop<Emitted>(steps, "emit")(chunk, state);
        return state.out;
      };
      const expected = texts.flatMap(text => text.split(" "));
      assert.deepEqual(run(split), expected);
      assert.deepEqual(
        run(split, words, mark),
        expected.filter(word => word !== "bc").map(word => `<${word}>`),
      );
      assert.deepEqual(
        run(keep, split),
        texts.filter(text => !text.startsWith("a")).flatMap(text => text.split(" ")),
      );
    }),
  );
});
