import { deserialize } from "node:v8";
import { decodeBlock, type JobSink, millraceError } from "millrace/engine";
import type { Row } from "../connect/rows.ts";
import { PIECE_HEAD } from "../executor/pieces.ts";

/** What the tasks of an action answered, in the order of tasks. */
export function readResults(rows: readonly Row[], numTasks: number, sink: JobSink): unknown[] {
  const byTask = Array.from({ length: numTasks }, (): Row[] => []);
  for (const row of rows) byTask[row.partition]?.push(row);
  const isList = sink.kind === "collect" || sink.kind === "take";
  return byTask.map((pieces, task) => (isList ? recordsOf(pieces) : answerOf(pieces, task)));
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
