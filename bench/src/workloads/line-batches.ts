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

/** `count` of `values`, from the first one again after the last. */
export function inTurn<T>(values: readonly T[], count: number): T[] {
  return Array.from({ length: count }, (_, i) => values[i % values.length] as T);
}
