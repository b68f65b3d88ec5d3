import type { DStream } from "millrace";
import { percentile } from "../harness/statistics.ts";
import type { Contender, Settings, Workload } from "../harness/workload.ts";
import { sparkContender } from "../spark/spark-contender.ts";
import { inTurn } from "./line-batches.ts";
import { SteppedStream } from "./stepped-stream.ts";

const INTERVAL_MS = 1_000;
const UPDATES_PER_BATCH = 10_000;
/** Different batches; they take turns. */
const DISTINCT_BATCHES = 20;

type Pair = [key: string, value: number];
type Operation = "mapWithState" | "updateStateByKey";

function sizes({ quick }: Settings, keys: number) {
  return quick
    ? { keys: keys / 10, updates: UPDATES_PER_BATCH / 10, warmUpBatches: 3, batches: 5 }
    : { keys, updates: UPDATES_PER_BATCH, warmUpBatches: 20, batches: 100 };
}

/** Batch `n` of the updates: keys a fixed stride apart, so that they lie all over the state. Spark's peer does the same. */
function updatesOf(n: number, updates: number, keys: number): Pair[] {
  return Array.from({ length: updates }, (_, i) => [`user-${((n * updates + i) * 7_919) % keys}`, 1]);
}

async function pipeline(
  operation: Operation,
  pairs: DStream<Pair>,
): Promise<DStream<number> | DStream<[string, number]>> {
  const { StateSpec } = await import("millrace");
  if (operation === "updateStateByKey") {
    return pairs.updateStateByKey((ones, count = 0) => count + ones.length);
  }
  const running = StateSpec.function<string, number, number, number>((_, one, count) => {
    const sum = (count.getOption() ?? 0) + (one ?? 0);
    count.update(sum);
    return sum;
  });
  return pairs.mapWithState(running);
}

function millrace(master: string, operation: Operation, allKeys: number): Contender {
  return {
    name: `millrace ${master}`,
    role: "millrace",
    process: "fresh",
    measure: async settings => {
      const { keys, updates, warmUpBatches, batches } = sizes(settings, allKeys);
      const stepped = await SteppedStream.create(master, "keyed-state", {
        intervalMs: INTERVAL_MS,
        warmUps: warmUpBatches + 1,
        batches,
        checkpoints: true,
      });
      const { sc, ssc } = stepped;
      const distinct = Array.from({ length: DISTINCT_BATCHES }, (_, n) =>
        sc.parallelize(updatesOf(n, updates, keys), 2),
      );
      // The first batch, which belongs to the warm-up, makes the keys, where the tasks run.
      const all = sc.range(0, keys, 1, 2).map((i): Pair => [`user-${i}`, 1]);
      const queue = [all, ...inTurn(distinct, warmUpBatches + batches)];
      let count = 0;
      const states: DStream<unknown> = await pipeline(operation, ssc.queueStream<Pair>(queue));
      const { wallSeconds, cpuSeconds, processing } = await stepped.run(states, async rdd => {
        count = await rdd.count();
      });
      return {
        wallSeconds,
        cpuSeconds,
        metrics: {
          batchP50Ms: percentile(processing, 0.5),
          batchMaxMs: percentile(processing, 1),
          batchesPerSecond: batches / wallSeconds,
        },
        answer: `${count} records in the last batch`,
      };
    },
  };
}

function workload(name: string, operation: Operation, keys: number): Workload {
  return {
    name,
    title: `${operation}: ${UPDATES_PER_BATCH} updates a batch into ${keys} keys; batches without a pause, with checkpoints`,
    headline: { metric: "batchP50Ms", better: "less" },
    inputs: () => [],
    contenders: [
      millrace("local", operation, keys),
      sparkContender(operation, settings => sizes(settings, keys)),
      millrace("local[2]", operation, keys),
    ],
  };
}

/** State of a key carried from batch to batch. */
export const keyedStateWorkloads: readonly Workload[] = [
  workload("map-with-state", "mapWithState", 1_000_000),
  workload("map-with-state-10k", "mapWithState", 10_000),
  workload("update-state-by-key-100k", "updateStateByKey", 100_000),
  workload("update-state-by-key-1m", "updateStateByKey", 1_000_000),
];
