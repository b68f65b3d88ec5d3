import { MODULUS, MULTIPLIER } from "../workloads/numbers.ts";

/** Counts as a loop does that a compiler cannot leave out. */
export function countLoop(numbers: number): string {
  let count = 0;
  for (let n = 0; n < numbers; n++) if (n >= 0) count++;
  return `${count} numbers`;
}

/** Sorts a typed array. */
export function sortLoop(numbers: number): string {
  const values = new Float64Array(numbers);
  for (let n = 0; n < numbers; n++) values[n] = (n * MULTIPLIER) % MODULUS;
  values.sort();
  let outOfOrder = 0;
  for (let i = 1; i < numbers; i++) if ((values[i - 1] as number) > (values[i] as number)) outOfOrder++;
  return `${numbers} numbers, ${outOfOrder} out of order`;
}

/** A hash join over a `Map`. */
export function joinLoop(numbers: number): string {
  const right = new Map<number, number[]>();
  for (let n = 0; n < numbers; n++) {
    const key = (n * 104_729) % numbers;
    const list = right.get(key);
    if (list === undefined) right.set(key, [n]);
    else list.push(n);
  }
  const joined: [number, [number, number]][] = [];
  for (let n = 0; n < numbers; n++) {
    const key = (n * 7919) % numbers;
    for (const other of right.get(key) ?? []) joined.push([key, [n, other]]);
  }
  return `${joined.length} pairs`;
}

/** Aggregation in a `Map`. */
export function reduceByKeyLoop(numbers: number): string {
  const counts = new Map<number, number>();
  for (let n = 0; n < numbers; n++) {
    const key = (n * 7919) % numbers;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return `${counts.size} keys`;
}
