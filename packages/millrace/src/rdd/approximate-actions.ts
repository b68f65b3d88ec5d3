import { canonicalKey } from "../common/keys/index.ts";
import {
  emptyRegisters,
  estimateDistinct,
  mergeRegisters,
  precisionFor,
} from "../common/sketches/hyper-log-log.ts";
import { type Moments, StatCounter } from "../common/statistics/stat-counter.ts";
import * as builtins from "../task/builtins/index.ts";
import { AggregateActions } from "./aggregate-actions.ts";
import { type BoundedDouble, countEstimate, meanEstimate, sumEstimate } from "./estimates.ts";
import { originOf } from "./lineage.ts";
import { type PartialResult, partialResult } from "./partial-result.ts";
import type { RDD } from "./rdd.ts";
import { runAll } from "./run-action.ts";

/** Actions that answer in time, or in little memory, and not exactly. */
export abstract class ApproximateActions<T> extends AggregateActions<T> {
  /**
   * How many records there are, as far as it is known after `timeoutMs`; the count goes on meanwhile.
   *
   * @param timeoutMs milliseconds to wait for an exact answer
   * @param confidence that the true count lies within the bounds, from 0 to 1; default 0.95
   * @throws MR_BAD_ARGUMENT for another confidence or timeout
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "countApprox");
   * const counted = await sc.range(0, 1000, 1, 10).countApprox(10_000);
   * assert.equal(counted.initialValue.mean, 1000);
   * assert.equal((await counted.getFinalValue()).high, 1000);
   * await sc.stop();
   * ```
   */
  async countApprox(timeoutMs: number, confidence = 0.95): Promise<PartialResult<BoundedDouble>> {
    const origin = originOf(this, "countApprox");
    const estimate = (counts: readonly number[], part: number) =>
      countEstimate(
        counts.reduce((sum, count) => sum + count, 0),
        part,
        confidence,
      );
    return partialResult(this, origin, { kind: "count" }, timeoutMs, confidence, estimate);
  }

  /**
   * How often each record occurs, as far as it is known after `timeoutMs`.
   *
   * @param timeoutMs milliseconds to wait for an exact answer
   * @param confidence that a true count lies within its bounds, from 0 to 1; default 0.95
   * @throws MR_BAD_ARGUMENT for another confidence or timeout; MR_KEY_UNSUPPORTED for records that cannot be
   * compared by value
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "countByValueApprox");
   * const counted = await sc.parallelize(["a", "b", "a"]).countByValueApprox(10_000);
   * assert.equal(counted.initialValue.get("a")?.mean, 2);
   * await sc.stop();
   * ```
   */
  async countByValueApprox(
    timeoutMs: number,
    confidence = 0.95,
  ): Promise<PartialResult<Map<T, BoundedDouble>>> {
    const origin = originOf(this, "countByValueApprox");
    const estimate = (parts: readonly (readonly [T, number])[][], part: number) => {
      const counts = new Map<unknown, [value: T, count: number]>();
      for (const [value, count] of parts.flat()) {
        const identity = canonicalKey(value);
        const known = counts.get(identity);
        if (known === undefined) counts.set(identity, [value, count]);
        else known[1] += count;
      }
      return new Map(
        Array.from(counts.values(), ([value, count]) => [value, countEstimate(count, part, confidence)]),
      );
    };
    const sink = { kind: "partition", fn: builtins.countsOf } as const;
    return partialResult(this, origin, sink, timeoutMs, confidence, estimate);
  }

  /**
   * The sum, as far as it is known after `timeoutMs`.
   *
   * @param timeoutMs milliseconds to wait for an exact answer
   * @param confidence that the true sum lies within the bounds, from 0 to 1; default 0.95
   * @throws MR_BAD_ARGUMENT for another confidence or timeout; MR_NOT_A_NUMBER for other records
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "sumApprox");
   * assert.equal((await sc.parallelize([1, 2, 3]).sumApprox(10_000)).initialValue.mean, 6);
   * await sc.stop();
   * ```
   */
  async sumApprox(
    this: RDD<number>,
    timeoutMs: number,
    confidence = 0.95,
  ): Promise<PartialResult<BoundedDouble>> {
    const origin = originOf(this, "sumApprox");
    const estimate = (parts: readonly Moments[], part: number) =>
      sumEstimate(merged(parts), part, confidence);
    const sink = { kind: "partition", fn: builtins.momentsOf } as const;
    return partialResult(this, origin, sink, timeoutMs, confidence, estimate);
  }

  /**
   * The mean, as far as it is known after `timeoutMs`.
   *
   * @param timeoutMs milliseconds to wait for an exact answer
   * @param confidence that the true mean lies within the bounds, from 0 to 1; default 0.95
   * @throws MR_BAD_ARGUMENT for another confidence or timeout; MR_NOT_A_NUMBER for other records
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "meanApprox");
   * assert.equal((await sc.parallelize([1, 2, 6]).meanApprox(10_000)).initialValue.mean, 3);
   * await sc.stop();
   * ```
   */
  async meanApprox(
    this: RDD<number>,
    timeoutMs: number,
    confidence = 0.95,
  ): Promise<PartialResult<BoundedDouble>> {
    const origin = originOf(this, "meanApprox");
    const estimate = (parts: readonly Moments[], part: number) =>
      meanEstimate(merged(parts), part, confidence);
    const sink = { kind: "partition", fn: builtins.momentsOf } as const;
    return partialResult(this, origin, sink, timeoutMs, confidence, estimate);
  }

  /**
   * About how many distinct records there are, by a sketch of fixed size (HyperLogLog).
   *
   * @param relativeSD the relative standard deviation of the answer; default 0.05, smaller takes more memory
   * @throws MR_BAD_ARGUMENT for a deviation below about 0.002
   * @throws MR_KEY_UNSUPPORTED for records that cannot be compared by value
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "countApproxDistinct");
   * const distinct = await sc.range(0, 10_000).map(n => n % 1000).countApproxDistinct(0.01);
   * assert.ok(Math.abs(distinct - 1000) < 50);
   * await sc.stop();
   * ```
   */
  async countApproxDistinct(relativeSD = 0.05): Promise<number> {
    const origin = originOf(this, "countApproxDistinct");
    const precision = precisionFor(relativeSD);
    const sink = { kind: "partition", fn: builtins.distinctRegisters, argument: precision } as const;
    const sketches = (await runAll(this, sink, origin)) as Uint8Array[];
    return estimateDistinct(sketches.reduce(mergeRegisters, emptyRegisters(precision)));
  }
}

function merged(parts: readonly Moments[]): StatCounter {
  return parts.reduce((all, part) => all.mergeMoments(part), new StatCounter());
}
