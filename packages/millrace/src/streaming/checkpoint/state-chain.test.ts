import assert from "node:assert/strict";
import { test } from "node:test";
import type { StatePiece } from "./snapshot.ts";
import { extendChain } from "./state-chain.ts";

const shape = (chain: readonly StatePiece[]) => chain.map(({ run, number }) => `${run}.${number}`);

function chainOf(pieces: readonly (readonly [kind: "base" | "delta", run: number, number: number])[]) {
  let chain: readonly StatePiece[] = [];
  for (const [kind, run, number] of pieces) {
    const snapshot = { kind, bytes: new Uint8Array(), numKeys: 1, numChanges: 1, isLast: true };
    chain = extendChain(chain, snapshot, `f${run}.${number}`, run, number);
  }
  return shape(chain);
}

const deltas = (run: number, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => ["delta", run, from + i] as const);

test("a base stands on its own, deltas build on what came before", () => {
  assert.deepEqual(chainOf([["base", 1, 0], ["delta", 1, 1], ["base", 1, 2], ...deltas(1, 3, 4)]), [
    "1.2",
    "1.3",
    "1.4",
  ]);
});

test("sixteen deltas of one run have every entry", () => {
  assert.deepEqual(chainOf([["base", 1, 0], ...deltas(1, 1, 15)]).length, 16);
  assert.deepEqual(chainOf([["base", 1, 0], ...deltas(1, 1, 16)])[0], "1.1");
  assert.deepEqual(chainOf([["base", 1, 0], ...deltas(1, 1, 40)]).length, 16);
});

test("another run numbers entries anew: its deltas replace the others' once they have every entry", () => {
  const first = [["base", 1, 0] as const, ...deltas(1, 1, 20)];
  assert.deepEqual(chainOf([...first, ...deltas(2, 0, 14)]).length, 31);
  assert.deepEqual(chainOf([...first, ...deltas(2, 0, 15)])[0], "2.0");
});
