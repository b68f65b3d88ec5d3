import { RDD, type SparkContext } from "../../rdd/index.ts";
import type { InputSource } from "./input-operator.ts";

/** What may wait in the queue of a queue stream: an RDD, or the records of one. */
export type QueueItem<T> = RDD<T> | readonly T[];

/**
 * Takes RDDs out of `queue`, one per batch or all at once. A batch that finds nothing gets `defaultRDD`, or,
 * without one, an RDD of no partitions: never no RDD at all.
 */
export function queueInput<T>(
  context: SparkContext,
  queue: QueueItem<T>[],
  oneAtATime: boolean,
  defaultRDD: QueueItem<T> | null,
): InputSource<T> {
  const toRDD = (item: QueueItem<T>): RDD<T> => (item instanceof RDD ? item : context.parallelize(item));
  const whenEmpty =
    defaultRDD === null
      ? undefined
      : defaultRDD instanceof RDD
        ? defaultRDD
        : context.parallelize(defaultRDD, 1);
  return {
    title: "Queue stream",
    notRecoverable: "queueStream doesn't support checkpointing: its queue is gone with the process",
    compute: () => {
      const taken = queue.splice(0, oneAtATime ? 1 : queue.length).map(toRDD);
      if (taken.length === 0) return whenEmpty ?? context.emptyRDD<T>();
      return taken.length === 1 ? taken[0] : context.union(taken);
    },
  };
}
