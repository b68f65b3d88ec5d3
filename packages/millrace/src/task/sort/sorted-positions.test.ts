import assert from "node:assert/strict";
import { test } from "node:test";
import { compareKeys } from "../../common/keys/index.ts";
import { SeededRandom } from "../../common/platform/deterministic/random.ts";
import { sortedPositions } from "./sorted-positions.ts";

function positions(keys: readonly unknown[], descending = false, compare?: (a: never, b: never) => number) {
  const sorting = sortedPositions(keys, descending, compare);
  for (;;) {
    const step = sorting.next();
    if (step.done === true) return [...step.value];
  }
}

/** What sorting must answer: a stable sort of the positions. */
function expected(keys: readonly unknown[], descending: boolean): number[] {
  const order = descending
    ? (a: number, b: number) => compareKeys(keys[b], keys[a])
    : (a: number, b: number) => compareKeys(keys[a], keys[b]);
  return keys.map((_, i) => i).sort(order);
}

const random = new SeededRandom(7);
const of = (count: number, key: () => unknown) => Array.from({ length: count }, key);
const odd = [0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324, -5e-324, 2 ** 53];

const table: Readonly<Record<string, readonly unknown[]>> = {
  nothing: [],
  "one key": [1],
  "few numbers": of(50, () => Math.floor(random.next() * 20)),
  integers: of(5000, () => Math.floor((random.next() - 0.5) * 4000)),
  "numbers of all sizes": of(5000, () => (random.next() - 0.5) * 10 ** (random.next() * 600 - 300)),
  "odd numbers": of(3000, () => odd[Math.floor(random.next() * odd.length)]),
  "one number": of(3000, () => 42),
  texts: of(40_000, () => `k${Math.floor(random.next() * 20_000)}`),
  "texts that begin alike": of(5000, () => `all-begin-alike-${random.next()}`),
  "one text": of(3000, () => "one and the same"),
  "texts that end where others go on": of(5000, () =>
    "ab\0\0\0\0\0\0\0\0\0c".slice(0, Math.floor(random.next() * 13)),
  ),
  "wide texts": of(
    5000,
    () => `ä${"aé€語\ud83d\ude00"[Math.floor(random.next() * 6)]}${Math.floor(random.next() * 90)}`,
  ),
  "few texts, long ones": of(
    5000,
    () => `${"x".repeat(Math.floor(random.next() * 3) * 12)}${Math.floor(random.next() * 3)}`,
  ),
  "numbers and texts": of(3000, () => (random.next() < 0.5 ? random.next() : `${random.next()}`)),
  structures: of(2000, () => [Math.floor(random.next() * 9), { a: Math.floor(random.next() * 9) }]),
};
for (const [name, keys] of Object.entries(table)) {
  for (const descending of [false, true]) {
    test(`sorts ${name}${descending ? ", descending" : ""}, equal keys in the order they had`, () => {
      assert.deepEqual(positions(keys, descending), expected(keys, descending));
    });
  }
}

test("an order of one's own", () => {
  const byLength = (a: string, b: string) => a.length - b.length;
  assert.deepEqual(positions(["ccc", "a", "bb", "b"], false, byLength as never), [1, 3, 2, 0]);
});
