import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { PlainBlock } from "./shuffle-block.ts";
import { decodeBlock, encodeBlock } from "./shuffle-codec.ts";

function roundTrip(block: PlainBlock): PlainBlock {
  const encoded = encodeBlock(block);
  // As after postMessage: the view may be made anew, the memory is the same.
  return decodeBlock({ kind: "encoded", bytes: new Uint8Array(encoded.bytes.buffer) });
}

const strings = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.string({ unit: "binary", maxLength: 12 }),
  // One byte a character, and lone surrogates.
  fc.string({ unit: fc.integer({ min: 0, max: 255 }).map(code => String.fromCharCode(code)), maxLength: 12 }),
  fc.string({ unit: fc.constantFrom("a", "\ud800", "\udc00", "\u0100", "\uffff"), maxLength: 6 }),
);
const scalars = fc.oneof(
  strings,
  fc.integer(),
  fc.double(),
  fc.constantFrom(-0, 0, Number.NaN, 2 ** 31, -(2 ** 31), 2 ** 32, undefined, null, true, false),
  fc.bigInt(),
  fc.date(),
);
const { value: anything } = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof(
    { depthSize: "small" },
    scalars,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(strings, tie("value"), { maxKeys: 4, noNullPrototype: true }),
    fc.array(fc.tuple(strings, tie("value")), { maxLength: 3 }).map(entries => new Map(entries)),
    fc.array(scalars, { maxLength: 3 }).map(items => new Set(items)),
    fc.uint8Array({ maxLength: 9 }),
    fc.float64Array({ maxLength: 3 }),
  ),
}));

const columns: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  strings,
  "small integers": fc.integer(),
  numbers: fc.oneof(fc.integer(), fc.double(), fc.constantFrom(-0, Number.NaN, 2 ** 31)),
  anything,
};

for (const [name, column] of Object.entries(columns)) {
  test(`records of ${name} come back as they were`, () => {
    fc.assert(
      fc.property(fc.array(column, { minLength: 1, maxLength: 12 }), records => {
        const block = { kind: "records", records } as const;
        assert.deepStrictEqual(roundTrip(block), block);
      }),
    );
  });
}

test("columns of any two kinds come back as they were", () => {
  fc.assert(
    fc.property(
      fc
        .constantFrom(...Object.values(columns))
        .chain(keys =>
          fc
            .constantFrom(...Object.values(columns))
            .chain(values => fc.array(fc.tuple(keys, values), { minLength: 1, maxLength: 9 })),
        ),
      pairs => {
        const block = {
          kind: "columns",
          keys: pairs.map(([key]) => key),
          values: pairs.map(([, value]) => value),
        } as const;
        assert.deepStrictEqual(roundTrip(block), block);
      },
    ),
  );
});

test("an empty block takes no bytes", () => {
  for (const block of [
    { kind: "records", records: [] },
    { kind: "columns", keys: [], values: [] },
  ] as const) {
    const encoded = encodeBlock(block);
    assert.equal(encoded.bytes.length, 0);
    assert.deepEqual(decodeBlock(encoded), { kind: "records", records: [] });
  }
});

test("a block lies in memory that threads share", () => {
  const { bytes } = encodeBlock({ kind: "records", records: ["a", "b"] });
  assert.ok(bytes.buffer instanceof SharedArrayBuffer);
});

for (const [name, record] of Object.entries({
  "a function": () => 1,
  "a function inside": { f: () => 1 },
  "a symbol": Symbol("s"),
  "a promise": Promise.resolve(1),
  "a weak map": new WeakMap(),
})) {
  test(`${name} cannot leave its thread`, () => {
    assert.throws(() => encodeBlock({ kind: "records", records: [1, record] }), {
      code: "MR_RECORD_UNSHIPPABLE",
    });
  });
}
