import { narrow, type Origin, prepared } from "../plan/index.ts";
import type { Lineage } from "./lineage.ts";
import type { RDD } from "./rdd.ts";
import { startsOf } from "./take-sample.ts";

/** Records with their positions; how many come before a partition is counted by the first job. */
export function withIndex<T>(rdd: Lineage, origin: Origin): RDD<[T, number]> {
  const starts: number[] = [0];
  const number = function* (index: number, records: Iterable<T>) {
    let position = starts[index] ?? 0;
    for (const record of records) {
      yield [record, position];
      position += 1;
    }
  };
  const { plan } = rdd;
  const numbered = narrow(origin, "mapPartitionsWithIndex", plan, number, false);
  if (plan.numPartitions <= 1) return rdd.derive(numbered);
  return rdd.derive(
    prepared(numbered, async signal => {
      const partitions = Array.from({ length: plan.numPartitions - 1 }, (_, i) => i);
      const sizes = (await rdd.context.runJob(
        plan,
        partitions,
        { kind: "count" },
        origin,
        signal,
      )) as number[];
      startsOf([...sizes, 0]).forEach((start, i) => {
        starts[i] = start;
      });
    }),
  );
}

/** Records with ids that no other partition gives. */
export function withUniqueId<T>(rdd: Lineage, origin: Origin): RDD<[T, number]> {
  const step = rdd.plan.numPartitions;
  const number = function* (index: number, records: Iterable<T>) {
    let id = index;
    for (const record of records) {
      yield [record, id];
      id += step;
    }
  };
  return rdd.derive(narrow(origin, "mapPartitionsWithIndex", rdd.plan, number, false));
}
