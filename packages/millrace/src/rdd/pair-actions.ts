import { canonicalKey } from "../common/keys/index.ts";
import { narrow } from "../plan/index.ts";
import * as builtins from "../task/builtins/index.ts";
import { originOf } from "./lineage.ts";
import { NumberOperations } from "./number-operations.ts";
import type { PairRDD } from "./rdd.ts";
import { runAll } from "./run-action.ts";

/** Actions on RDDs of pairs. Keys compare by value; the keys of maps are as a `Map` takes them. */
export abstract class PairActions<T> extends NumberOperations<T> {
  /**
   * How many pairs each key has.
   *
   * @throws MR_NOT_A_PAIR, MR_KEY_UNSUPPORTED for other records
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "countByKey");
   * const pairs = sc.parallelize(["a", "b", "a"]).map(word => [word, 1]);
   * assert.equal((await pairs.countByKey()).get("a"), 2);
   * await sc.stop();
   * ```
   */
  async countByKey<K, V>(this: PairRDD<K, V>): Promise<Map<K, number>> {
    const origin = originOf(this, "countByKey");
    const ones = narrow(origin, "mapValues", this.plan, builtins.one, true);
    return new Map(await this.derive<[K, number]>(ones).reduceByKey(builtins.add).collect());
  }

  /**
   * All pairs as a map; of several values of a key the last one stays.
   *
   * @throws MR_NOT_A_PAIR, MR_KEY_UNSUPPORTED for other records
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "collectAsMap");
   * const lengths = await sc.parallelize(["a", "bb"]).map(word => [word, word.length]).collectAsMap();
   * assert.deepEqual([...lengths], [["a", 1], ["bb", 2]]);
   * await sc.stop();
   * ```
   */
  async collectAsMap<K, V>(this: PairRDD<K, V>): Promise<Map<K, V>> {
    const map = new Map<K, V>();
    const keys = new Map<unknown, K>();
    const parts = (await runAll(
      this,
      { kind: "partition", fn: builtins.pairsOf },
      originOf(this, "collectAsMap"),
    )) as [K, V][][];
    for (const [key, value] of parts.flat()) {
      const identity = canonicalKey(key);
      // Of equal keys that are different objects the first stands for all.
      const known = keys.get(identity) ?? key;
      keys.set(identity, known);
      map.set(known, value);
    }
    return map;
  }

  /**
   * The values of one key. With a known partitioner only the partition of the key is read.
   *
   * @throws MR_NOT_A_PAIR, MR_KEY_UNSUPPORTED for other records
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "lookup");
   * const pairs = sc.parallelize([["a", 1], ["b", 2], ["a", 3]] as [string, number][]);
   * assert.deepEqual(await pairs.lookup("a"), [1, 3]);
   * await sc.stop();
   * ```
   */
  async lookup<K, V>(this: PairRDD<K, V>, key: K): Promise<V[]> {
    const origin = originOf(this, "lookup");
    const sink = { kind: "partition", fn: builtins.valuesOfKey, argument: key } as const;
    const { partitioner } = this.plan;
    if (partitioner === undefined) return ((await runAll(this, sink, origin)) as V[][]).flat();
    // The bounds of ranges may not be known yet.
    await this.plan.preparation?.ensure(undefined);
    const partition = partitioner.getPartition(key);
    return ((await this.context.runJob(this.plan, [partition], sink, origin)) as V[][]).flat();
  }

  /**
   * As `reduceByKey`, merged on the driver into a map.
   *
   * @throws MR_CLOSURE_UNSHIPPABLE, MR_CLOSURE_NATIVE when `f` captures what cannot leave its thread
   * @throws MR_NOT_A_PAIR, MR_KEY_UNSUPPORTED for other records
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "reduceByKeyLocally");
   * const pairs = sc.parallelize(["a", "b", "a"]).map(word => [word, 1]);
   * const counts = await pairs.reduceByKeyLocally((a, b) => a + b);
   * assert.deepEqual([...counts], [["a", 2], ["b", 1]]);
   * await sc.stop();
   * ```
   */
  async reduceByKeyLocally<K, V>(this: PairRDD<K, V>, f: (a: V, b: V) => V): Promise<Map<K, V>> {
    return new Map(await this.reduceByKey(f).collect());
  }
}
