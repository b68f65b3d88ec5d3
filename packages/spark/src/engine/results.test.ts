import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeBlock, type PlanNode } from "millrace/engine";
import type { Row } from "../connect/rows.ts";
import { pieceHead } from "../executor/pieces.ts";
import { readKept } from "./results.ts";
import { KIND_KEPT_UPDATES } from "./stage-program.ts";

const node = { id: 7, numPartitions: 3 } as PlanNode;

/** Piece `number` of a partition, under a `p` that says nothing of it. */
function row(kind: number, sequence: number, number: number, records: readonly unknown[]): Row {
  const bytes = Buffer.concat([pieceHead(number), encodeBlock({ kind: "records", records }).bytes]);
  return { partition: 70 + sequence, kind, sequence, bytes };
}

test("kept records come by partition and in order, however their rows arrive", () => {
  const rows = [
    row(7, 2, 1, ["c2"]),
    row(KIND_KEPT_UPDATES, 0, 0, ["an update"]),
    row(7, 0, 0, ["a1", "a2"]),
    row(7, 2, 0, ["c1"]),
  ];
  assert.deepEqual(readKept(rows, node), [["a1", "a2"], [], ["c1", "c2"]]);
});
