import assert from "node:assert/strict";
import { test } from "node:test";
import type { TaskInput } from "../../task/spec.ts";
import { sharedBytesOf } from "./shared-blocks.ts";

const read = (split: unknown): TaskInput => ({ op: "read", reader: { name: "block" }, split });
const shared = { kind: "lines", bytes: new Uint8Array(new SharedArrayBuffer(10)), count: 1 };
const own = { kind: "lines", bytes: new Uint8Array(10), count: 1 };

const inputs: [what: string, input: TaskInput, bytes: number][] = [
  ["a shared block", read(shared), 10],
  ["a block of one thread", read(own), 0],
  ["values", read({ values: [1, 2] }), 0],
  ["no split", read(undefined), 0],
  [
    "several, below steps",
    {
      op: "steps",
      partition: 0,
      steps: [],
      input: { op: "concat", inputs: [read(shared), read(own), read(shared)] },
    },
    20,
  ],
];

for (const [what, input, bytes] of inputs) {
  test(`shared bytes of ${what}`, () => assert.equal(sharedBytesOf(input), bytes));
}
