import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { PlainBlock } from "../shuffle-block.ts";
import { decodeBlock, encodeForThread } from "./columns.ts";

function roundTrip(block: PlainBlock): PlainBlock {
  const encoded = encodeForThread(block);
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

class Point {
  x: unknown;
  constructor(x: unknown) {
    this.x = x;
  }
  own() {
    return this.x;
  }
}
class Point3 extends Point {
  z: unknown = 1;
}
class Words extends Map<string, unknown> {
  label: unknown = "words";
}
class Names extends Set<unknown> {}
class List extends Array<unknown> {}
class Failure extends TypeError {
  reason: unknown = "none";
}
class Day extends Date {
  holiday: unknown = true;
}
class Pixels extends Uint8Array {}

const { value: instance } = fc.letrec<{ value: unknown }>(tie => {
  const inner = fc.oneof({ depthSize: "small" }, anything, tie("value"));
  return {
    value: fc.oneof(
      inner.map(x => new Point(x)),
      fc.tuple(inner, inner).map(([x, z]) => Object.assign(new Point3(x), { z })),
      fc.tuple(inner, inner).map(([x, label]) => Object.assign(new Words([["x", x]]), { label })),
      fc.array(inner, { maxLength: 2 }).map(items => new Names(items)),
      fc.array(inner, { maxLength: 2 }).map(items => List.from(items)),
      inner.map(reason => Object.assign(new Failure("no"), { reason })),
      inner.map(holiday => Object.assign(new Day(7), { holiday })),
      fc.uint8Array({ maxLength: 3 }).map(bytes => Pixels.from(bytes)),
      inner.map(x => Object.assign(Object.create(null), { x })),
      inner.map(x => ({ inside: [x] })),
    ),
  };
});

test("instances of classes come back as instances, wherever they lie", () => {
  fc.assert(
    fc.property(fc.array(instance, { minLength: 1, maxLength: 5 }), records => {
      const block = { kind: "records", records } as const;
      assert.deepStrictEqual(roundTrip(block), block);
    }),
  );
});

test("an instance that refers to itself, and is met twice, is still one", () => {
  const point = new Point(0);
  point.x = { point };
  const block = roundTrip({ kind: "records", records: [point, [point]] });
  assert.ok(block.kind === "records");
  const [first, second] = block.records as [Point, [Point]];
  assert.ok(first instanceof Point);
  assert.equal(second[0], first);
  assert.equal((first.own() as { point: unknown }).point, first);
});

test("a block says what its records are instances of", () => {
  const { classes = [] } = encodeForThread({ kind: "records", records: [new Point3(1), new Point3(2), 3] });
  assert.equal(classes.length, 1);
  assert.equal(encodeForThread({ kind: "records", records: [{ x: 1 }] }).classes, undefined);
});

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
    const encoded = encodeForThread(block);
    assert.equal(encoded.bytes.length, 0);
    assert.deepEqual(decodeBlock(encoded), { kind: "records", records: [] });
  }
});

test("a block lies in memory that threads share", () => {
  const { bytes } = encodeForThread({ kind: "records", records: ["a", "b"] });
  assert.ok(bytes.buffer instanceof SharedArrayBuffer);
});

for (const [name, record] of Object.entries({
  "a function": () => 1,
  "a function inside": { f: () => 1 },
  "a symbol": Symbol("s"),
  "a promise": Promise.resolve(1),
  "a weak map": new WeakMap(),
  "an instance with private state": new (class Secret {
    #x = 1;
    get() {
      return this.#x;
    }
  })(),
  "an object of Node's own": new URL("http://localhost"),
  "what inherits from an object": Object.create({ x: 1 }),
})) {
  test(`${name} cannot leave its thread`, () => {
    assert.throws(() => encodeForThread({ kind: "records", records: [1, record] }), {
      code: "MR_RECORD_UNSHIPPABLE",
    });
  });
}
