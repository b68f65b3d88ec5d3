import assert from "node:assert/strict";
import { test } from "node:test";
import { ownCombined } from "./own-combined.ts";

class Plain {
  sum = 0;
  parts = [1];
  add(value: number): this {
    this.sum += value;
    return this;
  }
}

class Derived extends Plain {
  more = { deep: [2] };
}

class Hidden {
  #sum = 1;
  get sum(): number {
    return this.#sum;
  }
}

class BelowHidden extends Hidden {
  own = 1;
}

for (const [name, value] of Object.entries({
  array: [1, [2, { a: [3] }]],
  object: { a: 1, b: { c: [new Date(5)] } },
  "object without a prototype": Object.assign(Object.create(null), { a: [1] }),
  map: new Map([["a", { b: [1] }]]),
  set: new Set([1, 2]),
  date: new Date(7),
  bytes: new Uint8Array([1, 2]),
  buffer: Buffer.from("ab"),
  instance: new Plain(),
  "instance of a derived class": new Derived(),
  sparse: [1, undefined, null],
})) {
  test(`copies: ${name}`, () => {
    const copy = ownCombined(value);
    assert.deepStrictEqual(copy, value);
    assert.notEqual(copy, value);
  });
}

for (const [name, value] of Object.entries({
  "private fields": new Hidden(),
  "private fields further up": new BelowHidden(),
  "built-in state": new URL("http://localhost/"),
  "a regular expression": /a/,
  "a weak reference": new WeakRef({}),
  text: "a",
  number: 1,
  nothing: undefined,
  null: null,
})) {
  test(`leaves as they are: ${name}`, () => {
    assert.equal(ownCombined(value), value);
  });
}

test("nothing inside is shared", () => {
  const value = { list: [1], map: new Map([["a", [1]]]), instance: new Derived() };
  const copy = ownCombined(value) as typeof value;
  copy.list.push(2);
  copy.map.get("a")?.push(2);
  copy.instance.add(5).more.deep.push(9);
  assert.deepEqual(value, { list: [1], map: new Map([["a", [1]]]), instance: new Derived() });
});

test("cycles and shared references keep their shape", () => {
  const shared = [1];
  const value: { self?: unknown; a: number[]; b: number[] } = { a: shared, b: shared };
  value.self = value;
  const copy = ownCombined(value) as typeof value;
  assert.equal(copy.self, copy);
  assert.equal(copy.a, copy.b);
  assert.notEqual(copy.a, shared);
});
