import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnyFunction } from "../../closure/index.ts";
import { constantOf } from "./constant-pair.ts";

const one = 1;
const cases: readonly (readonly [AnyFunction, string | undefined])[] = [
  [(word: string) => [word, 1], "1"],
  [(word: string): [string, number] => [word, 1], "1"],
  [(word: string) => [word, -20] as const, "-20"],
  // biome-ignore format: the text of the function is what is tested
  [$x=>[$x,0,], "0"],
  [(word: string) => [word, one], undefined],
  [(word: string) => [word, 1.5], undefined],
  [(word: string) => [word, 1, 2], undefined],
  [(word: string) => [word, 1][0], undefined],
  [(_: string) => [one, 1], undefined],
  [(word = "a") => [word, 1], undefined],
  [(word: string) => [word.trim(), 1], undefined],
  [async (word: string) => [word, 1], undefined],
  [
    function named(word: string) {
      return [word, 1];
    },
    undefined,
  ],
];

for (const [fn, number] of cases) {
  test(`${fn} pairs with ${number ?? "no constant"}`, () => {
    assert.equal(constantOf(fn), number);
  });
}
