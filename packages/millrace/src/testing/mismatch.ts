import { inspect } from "node:util";
import { MillraceError } from "../common/errors/index.ts";
import { Time } from "../common/time/index.ts";
import type { Batch } from "./batches.ts";
import { type Equality, multisetDifference } from "./values-equal.ts";

/** A batch that is not what was expected. */
export interface BatchMismatch {
  /** From 1. */
  readonly number: number;
  readonly timeMs: number;
  readonly expected: Batch<unknown>;
  readonly actual: Batch<unknown>;
}

/** How many batches a message shows. */
const shownBatches = 3;

/**
 * Output batches differ from the expected ones. `actual` and `expected` hold all batches, as test runners
 * that show differences want them.
 *
 * ```ts
 * import assert from "node:assert";
 * import { BatchMismatchError, streamTest } from "millrace/testing";
 * const wrong = streamTest().input([[1], [2]]).run(numbers => numbers.map(n => n + 1)).expect([[2], [4]]);
 * await assert.rejects(wrong, error => {
 *   assert.ok(error instanceof BatchMismatchError && error.code === "MR_TEST_MISMATCH");
 *   assert.match(error.message, /batch 2 \(2000 ms\)/);
 *   assert.deepEqual(error.actual, [[2], [3]]);
 *   return true;
 * });
 * ```
 */
export class BatchMismatchError extends MillraceError {
  /** The records of every batch, as they came out. */
  readonly actual: readonly Batch<unknown>[];
  /** The records of every batch, as they were expected. */
  readonly expected: readonly Batch<unknown>[];

  /** Made by `StreamTestRun.expect`. */
  constructor(
    mismatches: readonly BatchMismatch[],
    all: { readonly actual: readonly Batch<unknown>[]; readonly expected: readonly Batch<unknown>[] },
    comparison: { readonly ordered: boolean; readonly equal: Equality },
  ) {
    const shown = mismatches.slice(0, shownBatches).map(mismatch => describe(mismatch, comparison));
    const more = mismatches.length - shown.length;
    if (more > 0) shown.push(`and ${more} more`);
    super("MR_TEST_MISMATCH", shown.join("\n"));
    this.name = "BatchMismatchError";
    this.actual = all.actual;
    this.expected = all.expected;
  }
}

function describe(
  { number, timeMs, expected, actual }: BatchMismatch,
  { ordered, equal }: { readonly ordered: boolean; readonly equal: Equality },
): string {
  const lines = [
    `batch ${number} (${new Time(timeMs)}) differs${ordered ? "" : " (in any order)"}`,
    `  expected: ${batchText(expected)}`,
    `  actual:   ${batchText(actual)}`,
  ];
  if (!ordered && expected && actual) {
    const { missing, unexpected } = multisetDifference(actual, expected, equal);
    if (missing.length > 0) lines.push(`  missing:  ${batchText(missing)}`);
    if (unexpected.length > 0) lines.push(`  too many: ${batchText(unexpected)}`);
  }
  return lines.join("\n");
}

/** A batch on one line. */
export function batchText(batch: Batch<unknown>): string {
  return batch === null || batch === undefined ? "no RDD" : valueText(batch);
}

/** A value on one line, long lists cut. */
export function valueText(value: unknown): string {
  return inspect(value, { depth: 8, maxArrayLength: 50, breakLength: Number.POSITIVE_INFINITY });
}
