import { readLines } from "../floors/read-lines.ts";

/** Batches of `linesPerBatch` lines cut from a file; what is left at its end is no batch. */
export function lineBatches(path: string, linesPerBatch: number): string[][] {
  const batches: string[][] = [];
  let batch: string[] = [];
  readLines(path, line => {
    if (batch.push(line) < linesPerBatch) return;
    batches.push(batch);
    batch = [];
  });
  return batches;
}
