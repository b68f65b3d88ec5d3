import { millraceError } from "../common/errors/index.ts";
import type { JobSink } from "../engine/index.ts";
import type { Origin } from "../plan/index.ts";
import { type Lineage, placeOf } from "./lineage.ts";

/** An answer in time, and the exact one later. */
export interface PartialResult<R> {
  /** What was known when the time was up. */
  readonly initialValue: R;
  /** Whether that was the exact answer already. */
  readonly isInitialValueFinal: boolean;
  /** The exact answer, when all partitions have been seen. Fails as an action does. */
  getFinalValue(): Promise<R>;
}

/**
 * Runs a sink on every partition, each as a job of its own, so that what is there when the time is up can be
 * told. `estimate` gets the results so far and which part of the partitions they are.
 */
export async function partialResult<P, R>(
  rdd: Lineage,
  origin: Origin,
  sink: JobSink,
  timeoutMs: number,
  confidence: number,
  estimate: (results: readonly P[], part: number) => R,
): Promise<PartialResult<R>> {
  if (!(timeoutMs >= 0) || !(confidence >= 0 && confidence <= 1)) {
    throw millraceError(
      "MR_BAD_ARGUMENT",
      `a timeout of at least 0 and a confidence from 0 to 1 were expected, got ${timeoutMs} and ${confidence}`,
      placeOf(origin),
    );
  }
  const { numPartitions } = rdd.plan;
  const results: P[] = [];
  const abort = new AbortController();
  const runs = Array.from({ length: numPartitions }, async (_, partition) => {
    const [result] = await rdd.context.runJob(rdd.plan, [partition], sink, origin, abort.signal);
    results.push(result as P);
  });
  const all = Promise.all(runs).then(() => estimate(results, 1));
  // A failure that nobody waits for any more is met when the final value is asked for.
  all.catch(error => abort.abort(error));
  const time = new AbortController();
  const timeUp = rdd.context.platform.timers.sleep(timeoutMs, time.signal).catch(() => {});
  await Promise.race([all, timeUp]);
  time.abort();
  return {
    initialValue: estimate(results, numPartitions === 0 ? 1 : results.length / numPartitions),
    isInitialValueFinal: results.length === numPartitions,
    getFinalValue: () => all,
  };
}
