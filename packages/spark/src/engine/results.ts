import { deserialize } from "node:v8";
import {
  type AccumulatorUpdate,
  decodeBlock,
  type JobSink,
  millraceError,
  type PlanNode,
} from "millrace/engine";
import type { Row } from "../connect/rows.ts";
import { PIECE_HEAD } from "../executor/pieces.ts";
import { KIND_RESULT, KIND_UPDATES } from "./stage-program.ts";

/** What the tasks of an action answered, in the order of tasks. */
export function readResults(rows: readonly Row[], numTasks: number, sink: JobSink): unknown[] {
  const byTask = Array.from({ length: numTasks }, (): Row[] => []);
  for (const row of rows) if (row.kind === KIND_RESULT) byTask[row.partition]?.push(row);
  const isList = sink.kind === "collect" || sink.kind === "take";
  return byTask.map((pieces, task) => (isList ? recordsOf(pieces) : answerOf(pieces, task)));
}

/** The records of a kept node, by partition, from the rows it is kept in. */
export function readKept(rows: readonly Row[], node: PlanNode): unknown[][] {
  const byPartition = Array.from({ length: node.numPartitions }, (): Row[] => []);
  for (const row of rows) if (row.kind === node.id) byPartition[row.sequence]?.push(row);
  return byPartition.map(recordsOf);
}

/** What the tasks of a plan have added to accumulators. */
export function readUpdates(rows: readonly Row[]): AccumulatorUpdate[] {
  return rows.flatMap(({ kind, bytes }) =>
    kind === KIND_UPDATES ? (deserialize(Buffer.from(bytes)) as AccumulatorUpdate[]) : [],
  );
}

function recordsOf(pieces: readonly Row[]): unknown[] {
  const ordered = pieces.toSorted((a, b) => numberOf(a) - numberOf(b));
  const records: unknown[] = [];
  for (const { bytes } of ordered) {
    const block = decodeBlock({ kind: "encoded", bytes: bytes.subarray(PIECE_HEAD) });
    if (block.kind === "records") for (const record of block.records) records.push(record);
  }
  return records;
}

function answerOf([piece]: readonly Row[], task: number): unknown {
  if (piece === undefined) throw millraceError("MR_INTERNAL", `task ${task} of an action answered nothing`);
  return deserialize(Buffer.from(piece.bytes.subarray(PIECE_HEAD)));
}

function numberOf({ bytes }: Row): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
}
