import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { ClassOfStates } from "./class-of-states.ts";

class Counter {}

const tables: readonly (readonly [string, readonly unknown[], string | undefined])[] = [
  [
    "plain data",
    [1, "a", null, undefined, {}, [], new Map(), new Set(), new Date(), Object.create(null)],
    undefined,
  ],
  [
    "typed arrays and what is built in",
    [new Uint8Array(1), Buffer.alloc(1), /a/, new RangeError()],
    undefined,
  ],
  ["plain objects of another realm", [runInNewContext("({ a: 1 })")], undefined],
  ["an instance among plain objects", [{}, {}, new Counter(), {}], "Counter"],
  ["a class without a name", [new (class {})()], "a class"],
];

for (const [name, states, className] of tables) {
  test(name, () => {
    const found = new ClassOfStates();
    for (const state of states) found.add(state);
    assert.equal(found.name, className);
  });
}
