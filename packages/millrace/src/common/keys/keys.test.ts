import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { MillraceError } from "../errors/index.ts";
import { hashString } from "./hash-string.ts";
import { canonicalKey, compareKeys, hashKey, keysEqual } from "./index.ts";

const primitive = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary", maxLength: 4 }),
  fc.constantFrom("", "\0", "\0\0", "\0s0:", "\0[]", "\0{}", "n1;", "1", "true", "null"),
  fc.integer(),
  fc.double(),
  fc.constantFrom(0, -0, Number.NaN, 1, Infinity, -Infinity, 2 ** 32, 2 ** 53),
  fc.boolean(),
  fc.constantFrom(null, undefined),
  fc.bigInt({ min: -20n, max: 2n ** 70n }),
  fc.date({ noInvalidDate: false }),
);
const key: fc.Arbitrary<unknown> = fc.letrec(tie => ({
  key: fc.oneof(
    { depthSize: "small" },
    primitive,
    fc.array(tie("key"), { maxLength: 3 }),
    fc.dictionary(fc.string({ maxLength: 3 }), tie("key"), { maxKeys: 3 }),
  ),
})).key;

/** A key equal to `value` that shares nothing with it, its properties in the opposite order. */
function copyOf(value: unknown): unknown {
  if (value instanceof Date) return new Date(value.getTime());
  if (Array.isArray(value)) return value.map(copyOf);
  if (typeof value !== "object" || value === null) return value === 0 ? -value : value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, part]) => [name, copyOf(part)]),
  );
}

test("equal keys have equal hashes, one identity and no order between them", () => {
  fc.assert(
    fc.property(key, a => {
      const b = copyOf(a);
      assert.ok(keysEqual(a, b));
      assert.equal(hashKey(a), hashKey(b));
      assert.equal(compareKeys(a, b), 0);
      assert.ok(new Set([canonicalKey(a)]).has(canonicalKey(b)));
    }),
  );
});

test("equality, identity and order agree on any two keys", () => {
  fc.assert(
    fc.property(key, key, (a, b) => {
      const equal = keysEqual(a, b);
      assert.equal(keysEqual(b, a), equal);
      assert.equal(new Set([canonicalKey(a)]).has(canonicalKey(b)), equal);
      assert.equal(compareKeys(a, b) === 0, equal);
      assert.equal(Math.sign(compareKeys(a, b)) + Math.sign(compareKeys(b, a)), 0);
      if (equal) assert.equal(hashKey(a), hashKey(b));
    }),
    { numRuns: 1000 },
  );
});

test("the order is transitive", () => {
  fc.assert(
    fc.property(key, key, key, (...keys) => {
      // In boxes, because sort() puts undefined last without asking.
      const [a, b, c] = keys.map(k => [k]).sort(compareKeys);
      assert.ok(compareKeys(a, c) <= 0 && compareKeys(a, b) <= 0 && compareKeys(b, c) <= 0);
    }),
  );
});

test("a hash is a uint32", () => {
  fc.assert(fc.property(key, a => hashKey(a) === hashKey(a) >>> 0));
});

const different: [unknown, unknown][] = [
  [1, "1"],
  [1, 1n],
  [1, true],
  [0, false],
  [null, undefined],
  [null, "null"],
  [[], {}],
  [[], ""],
  [[1], 1],
  [[1], ["1"]],
  [
    [1, 2],
    [2, 1],
  ],
  [["a", "b"], ["ab"]],
  [["a", "b"], ["a,b"]],
  [[undefined], []],
  [[null], [undefined]],
  [Object.assign(new Array(2), { 1: 1 }), [2, 1]],
  [{ a: undefined }, {}],
  [{ a: 1 }, { b: 1 }],
  [
    { a: 1, b: 2 },
    { a: 2, b: 1 },
  ],
  [new Date(0), 0],
  [new Date(0), [0]],
  [Number.NaN, new Date(Number.NaN)],
];
for (const [a, b] of different) {
  test(`${JSON.stringify(canonicalKey(a), bigText)} and ${JSON.stringify(canonicalKey(b), bigText)} differ`, () => {
    assert.ok(!keysEqual(a, b));
    assert.notEqual(canonicalKey(a), canonicalKey(b));
    assert.notEqual(compareKeys(a, b), 0);
  });
}

function bigText(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? `${value}n` : value;
}

test("texts that look like the identity of a structure do not meet it", () => {
  for (const structure of [[], [1, "a"], {}, { a: 1 }, new Date(5)]) {
    const identity = canonicalKey(structure);
    assert.notEqual(canonicalKey(identity), identity);
    assert.ok(!keysEqual(structure, identity));
  }
});

test("keys of another realm are equal to ours", () => {
  const foreign: unknown = runInNewContext("({ a: [1, new Date(7)] })");
  const ours = { a: [1, new Date(7)] };
  assert.ok(keysEqual(foreign, ours));
  assert.equal(hashKey(foreign), hashKey(ours));
  assert.equal(canonicalKey(foreign), canonicalKey(ours));
});

test("the natural order", () => {
  const sorted = [
    ...[null, undefined, false, true, -Infinity, -1, 0, 1.5, 10, Infinity, Number.NaN, -3n, 2n],
    ...["", "10", "9", "a", "b", "\uffff", new Date(-1), new Date(1)],
    ...[[], [1], [1, 0], [1, "a"], [2], ["a"], {}, { a: 1 }, { a: 1, b: 0 }, { a: 2 }, { b: 0 }],
  ];
  const shuffled = [...sorted].reverse();
  assert.deepEqual(
    shuffled.filter(k => k !== undefined).sort(compareKeys),
    sorted.filter(k => k !== undefined),
  );
  assert.ok(compareKeys(null, undefined) < 0 && compareKeys(undefined, false) < 0);
});

const cyclic: unknown[] = [];
cyclic.push([cyclic]);
class Point {
  readonly x = 1;
}
const unsupported: [string, unknown][] = [
  ["a function", () => 1],
  ["a symbol", Symbol("s")],
  ["an instance of Point", new Point()],
  ["an instance of Map", new Map()],
  ["an instance of Uint8Array", new Uint8Array(2)],
  ["cyclic", cyclic],
];
for (const [what, value] of unsupported) {
  test(`no key: ${what}`, () => {
    const coded = (error: unknown): boolean =>
      error instanceof MillraceError && error.code === "MR_KEY_UNSUPPORTED" && error.message.includes(what);
    for (const wrapped of [value, [value], { a: value }]) {
      assert.throws(() => hashKey(wrapped), coded);
      assert.throws(() => canonicalKey(wrapped), coded);
      assert.throws(() => compareKeys(wrapped, wrapped), coded);
      assert.throws(() => keysEqual(wrapped, wrapped), coded);
    }
  });
}

test("texts hash as MurmurHash3 does", () => {
  // Published vectors of MurmurHash3_x86_32, their bytes taken two to a code unit.
  const vectors: [string, number, number][] = [
    ["", 0, 0],
    ["", 1, 0x514e28b7],
    ["test", 0, 0xba6bd213],
    ["test", 0x9747b28c, 0x704b81dc],
  ];
  for (const [text, seed, hash] of vectors) {
    const units = Buffer.from(text, "latin1").toString("utf16le");
    assert.equal(hashString(units, seed), hash);
  }
});

test("golden hashes: changing them would lose every stored state", () => {
  const golden: [unknown, number][] = [
    ["", 0x00000000],
    ["a", 0x6f49d11a],
    ["spark", 0x306b651a],
    ["word42", 0x8242f586],
    ["späß", 0xc7b19f5e],
    ["日本語", 0x3bdc2005],
    ["😀", 0x56065e39],
    [0, 0x2d69b5d9],
    [1, 0x6d493520],
    [-1, 0xdd5e436d],
    [42, 0xeb28eab8],
    [2 ** 31, 0xf906a5ad],
    [2 ** 53 - 1, 0x78a75da0],
    [0.5, 0x6a40ae31],
    [-1e300, 0xaeff63ea],
    [Number.NaN, 0x518bbb87],
    [Infinity, 0xeb04957a],
    [true, 0x4b49fa20],
    [false, 0x9ddff9a7],
    [null, 0x00000000],
    [undefined, 0x00000000],
    [1n, 0x6804f17f],
    [-(2n ** 64n), 0x5b68457a],
    [new Date(0), 0xc8c32054],
    [new Date(1_700_000_000_000), 0x208ad4d5],
    [[], 0x8c03471f],
    [[1, "a"], 0x870b9f34],
    [[[1], [2]], 0xb27ee9bd],
    [[null], 0xd2c0230e],
    [{}, 0x0ffb20a1],
    [{ id: 7, name: "x" }, 0x7d9c4c73],
  ];
  for (const [value, hash] of golden) assert.equal(hashKey(value), hash, String(value));
});

test("hashes spread evenly over partitions", () => {
  const kinds: Record<string, (i: number) => unknown> = {
    integers: i => i,
    "multiples of 1024": i => i * 1024,
    words: i => `word${i}`,
    fractions: i => i / 8 + 0.5,
    pairs: i => [i % 100, `w${i}`],
    records: i => ({ id: i }),
    dates: i => new Date(i * 1000),
  };
  for (const [name, make] of Object.entries(kinds)) {
    for (const partitions of [2, 7, 16]) {
      const counts = new Array<number>(partitions).fill(0);
      for (let i = 0; i < 8000; i++) {
        const partition = hashKey(make(i)) % partitions;
        counts[partition] = (counts[partition] ?? 0) + 1;
      }
      const mean = 8000 / partitions;
      for (const count of counts)
        assert.ok(Math.abs(count - mean) < 6 * Math.sqrt(mean), `${name} over ${partitions}: ${counts}`);
    }
  }
});
