import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { copyOf, elsewhere } from "./fixtures/transport.ts";
import { reviveClosure, shipClosure } from "./index.ts";

const withHoles: unknown[] = [1, undefined, 3];
delete withHoles[1];
const sparse: unknown[] = [];
sparse[1_000_000] = "far";
const listed: unknown[] & { note?: string } = [1, 2];
listed.note = "extra";
const hidden = Object.defineProperty({ seen: 1 }, "unseen", { value: 2, enumerable: false });
const pooled = Buffer.from("bytes in a pool");
const withCause = new RangeError("outer", { cause: new Error("inner") });
const ownProto = JSON.parse('{"__proto__": 1}') as object;

const values: readonly (readonly [name: string, value: unknown])[] = [
  ["undefined", undefined],
  ["null", null],
  ["NaN", Number.NaN],
  ["minus zero", -0],
  ["infinities", [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]],
  ["a bigint", 2n ** 80n],
  ["text with half a surrogate pair", "a\ud800b"],
  ["symbols", [Symbol.for("mine"), Symbol.iterator]],
  ["keys that are symbols", { [Symbol.for("mine")]: 1, [Symbol.toStringTag]: "Tagged" }],
  ["a null prototype", Object.assign(Object.create(null), { a: 1 })],
  ["a property named __proto__", ownProto],
  ["an array with holes", withHoles],
  ["a sparse array", sparse],
  ["an array with a property", listed],
  ["a Map in a Set in a Map", new Map([[{ k: 1 }, new Set([new Map([[1, 2]])])]])],
  ["a Date", new Date(86_400_000)],
  ["a RegExp", Object.assign(/a(?<b>.)/giu, { lastIndex: 3 })],
  ["errors", [new TypeError("bad"), withCause, new AggregateError([new Error("one")], "many")]],
  ["an error of Node", notFound()],
  ["a URL", new URL("https://example.org/a?b#c")],
  [
    "typed arrays",
    [
      new Uint8Array([1, 2]),
      new Float64Array([0.1, -0]),
      new BigInt64Array([-1n]),
      new DataView(new ArrayBuffer(3), 1),
    ],
  ],
  ["Buffers", [pooled, Buffer.alloc(3)]],
  ["an ArrayBuffer", new Uint8Array([1, 2, 3]).buffer],
  ["boxed primitives", [Object(1), Object("text"), Object(1n)]],
  ["properties that are not enumerable", hidden],
];

for (const [name, value] of values) {
  test(`${name} arrives as it is`, async () => {
    const arrived = await copyOf(value);
    assert.deepStrictEqual(arrived, value);
    if (typeof value === "object" && value !== null) assert.notEqual(arrived, value);
  });
}

test("frozen, sealed and closed objects stay so", async () => {
  const [frozen, sealed, closed, list] = await copyOf([
    Object.freeze({ a: 1 }),
    Object.seal({ a: 1 }),
    Object.preventExtensions({ a: 1 }),
    Object.freeze([1, { b: 2 }]),
  ] as const);
  assert.ok(Object.isFrozen(frozen) && frozen.a === 1);
  assert.ok(Object.isSealed(sealed) && !Object.isFrozen(sealed));
  assert.ok(!Object.isExtensible(closed) && !Object.isSealed(closed));
  assert.ok(Object.isFrozen(list) && !Object.isFrozen(list[1]));
});

// Some versions of assert hold that no two invalid dates are equal.
test("an invalid Date stays one", async () => {
  assert.ok(Number.isNaN((await copyOf(new Date(Number.NaN))).getTime()));
});

test("getters stay getters", async () => {
  const account = {
    amounts: [1, 2],
    get total() {
      return this.amounts.reduce((a, b) => a + b, 0);
    },
  };
  const arrived = await copyOf(account);
  arrived.amounts.push(3);
  assert.equal(arrived.total, 6);
});

test("cycles through all kinds of objects", async () => {
  const cyclic: Record<string, unknown> = { list: [], map: new Map(), set: new Set() };
  (cyclic["list"] as unknown[]).push(cyclic);
  (cyclic["map"] as Map<unknown, unknown>).set(cyclic, cyclic["list"]);
  (cyclic["set"] as Set<unknown>).add(cyclic["set"]);
  cyclic["fn"] = () => cyclic;
  const arrived = await copyOf(cyclic);
  assert.equal((arrived["list"] as unknown[])[0], arrived);
  assert.equal((arrived["map"] as Map<unknown, unknown>).get(arrived), arrived["list"]);
  assert.ok((arrived["set"] as Set<unknown>).has(arrived["set"]));
  assert.equal((arrived["fn"] as () => unknown)(), arrived);
});

test("an object captured twice, or by two functions, stays one", async () => {
  const shared = { n: 0 };
  const alias = [shared];
  const first = () => shared;
  const second = () => alias[0];
  const revived = await elsewhere(() => [first(), second(), shared]);
  const [a, b, c] = revived();
  assert.ok(a === b && b === c && a !== shared);
});

test("views of one buffer share it", async () => {
  const buffer = new ArrayBuffer(8);
  const [bytes, words] = await copyOf([new Uint8Array(buffer, 2, 4), new Uint16Array(buffer)] as const);
  bytes[0] = 7;
  assert.equal(words[1], 7);
  assert.equal(bytes.byteOffset, 2);
});

test("shared memory is shared within a process, and told apart by identity", async () => {
  const memory = new SharedArrayBuffer(4);
  const same = new SharedArrayBuffer(4);
  const writing = (buffer: SharedArrayBuffer) => () => {
    new Uint8Array(buffer)[0] = 9;
  };
  const first = shipClosure(writing(memory), { operator: "map" });
  const second = shipClosure(writing(same), { operator: "map" });
  assert.notEqual(first.hash, second.hash);
  ((await reviveClosure(first)) as () => void)();
  assert.deepEqual([new Uint8Array(memory)[0], new Uint8Array(same)[0]], [9, 0]);
});

test("a long chain of objects", async () => {
  interface Link {
    next?: Link;
  }
  const first: Link = {};
  let last = first;
  for (let i = 0; i < 50_000; i++) {
    last.next = {};
    last = last.next;
  }
  let length = 0;
  for (let at: Link | undefined = await copyOf(first); at !== undefined; at = at.next) length++;
  assert.equal(length, 50_001);
});

test("whatever is captured arrives, with its cycles and shared parts", async () => {
  const leaf = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.double(),
    fc.boolean(),
    fc.bigInt(),
    fc.constant(null),
    fc.constant(undefined),
    fc.date({ noInvalidDate: true }),
    fc.uint8Array(),
  );
  const tree = fc.letrec(tie => ({
    node: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      leaf,
      fc.array(tie("node")),
      fc.dictionary(fc.string(), tie("node")),
      fc.array(fc.tuple(leaf, tie("node"))).map(entries => new Map(entries)),
      fc.array(tie("node")).map(elements => new Set(elements)),
      tie("node").map(value => ({ get: () => value }).get()),
    ),
  })).node;
  await fc.assert(
    fc.asyncProperty(tree, fc.array(fc.tuple(fc.nat(), fc.nat())), async (value, links) => {
      const containers = containersOf(value);
      // Ties parts of the tree to one another, in any direction.
      for (const [from, to] of links) {
        const holder = containers[from % containers.length];
        const target = containers[to % containers.length];
        if (Array.isArray(holder)) holder.push(target);
        else if (holder instanceof Map) holder.set("link", target);
      }
      assert.deepStrictEqual(await copyOf(value), value);
    }),
    { numRuns: 60 },
  );
});

function containersOf(value: unknown, found: unknown[] = []): unknown[] {
  if (Array.isArray(value) || value instanceof Set || value instanceof Map) {
    found.push(value);
    for (const element of value instanceof Map ? value.values() : value) containersOf(element, found);
  }
  return found;
}

function notFound(): unknown {
  try {
    return new URL("no url");
  } catch (error) {
    return error;
  }
}

test("a typed array of more elements than an object may have keys", () => {
  const many = new Uint8Array(2 ** 25);
  const { binary } = shipClosure(() => many.length, { operator: "map" });
  assert.equal(binary[0]?.length, many.length);
});
