import { millraceError } from "../common/errors/index.ts";
import { SeededRandom } from "../common/platform/deterministic/random.ts";
import { narrow, type Origin } from "../plan/index.ts";
import {
  bernoulliSampler,
  exactKeyedSampler,
  firstOfShuffled,
  keyedSampler,
  poissonSampler,
} from "../task/sampling.ts";
import { JoinOperations } from "./join-operations.ts";
import { type Lineage, originOf, placeOf } from "./lineage.ts";
import type { PairRDD, RDD } from "./rdd.ts";
import { checkCount } from "./run-action.ts";
import { drawnWithout, drawnWithReplacement } from "./take-sample.ts";

/**
 * Samples. A `seed`, any integer, makes the same sample of the same partitions on every engine; without one it
 * is another every time the operation is called.
 */
export abstract class SamplingOperations<T> extends JoinOperations<T> {
  /**
   * About a part of the records, each chosen for itself: the size is not exact. A partitioner is kept.
   *
   * @param withReplacement whether a record may come several times
   * @param fraction at least 0: the chance of a record, or with replacement how often it comes on average
   * @param seed default: from chance
   * @throws MR_BAD_ARGUMENT for another fraction; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "sample");
   * const some = await sc.range(0, 1000).sample(false, 0.1, 42).collect();
   * assert.ok(some.length > 50 && some.length < 150);
   * await sc.stop();
   * ```
   */
  sample(withReplacement: boolean, fraction: number, seed = seedOf(this)): RDD<T> {
    const origin = originOf(this, "sample");
    checkFraction(origin, fraction);
    const sampler = withReplacement ? poissonSampler(fraction, seed) : bernoulliSampler(0, fraction, seed);
    return this.derive(narrow(origin, "mapPartitionsWithIndex", this.plan, sampler, true));
  }

  /**
   * Parts that share no record and together have all, about as large as the weights say.
   *
   * @param weights at least 0 each, their sum more than 0
   * @param seed default: from chance
   * @throws MR_BAD_ARGUMENT for other weights; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "randomSplit");
   * const [training, test] = sc.range(0, 100).randomSplit([0.8, 0.2], 1);
   * assert.equal((await training?.count() ?? 0) + (await test?.count() ?? 0), 100);
   * await sc.stop();
   * ```
   */
  randomSplit(weights: readonly number[], seed = seedOf(this)): RDD<T>[] {
    const origin = originOf(this, "randomSplit");
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    if (!weights.every(weight => weight >= 0 && Number.isFinite(weight)) || !(total > 0)) {
      throw millraceError(
        "MR_BAD_ARGUMENT",
        `randomSplit needs weights of at least 0 whose sum is more than 0, got [${weights.join(", ")}]`,
        placeOf(origin),
      );
    }
    let sum = 0;
    return weights.map((weight, i) => {
      const low = sum / total;
      sum += weight;
      // Rounding must not leave a gap at the end.
      const high = i === weights.length - 1 ? 1 : sum / total;
      const sampler = bernoulliSampler(low, high, seed);
      return this.derive(narrow(origin, "mapPartitionsWithIndex", this.plan, sampler, true));
    });
  }

  /**
   * Exactly `count` records chosen by chance, in random order; without replacement no more than there are.
   *
   * @param withReplacement whether a record may come several times
   * @param count an integer of at least 0
   * @param seed default: from chance
   * @throws MR_BAD_ARGUMENT for another count
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "takeSample");
   * const three = await sc.range(0, 100).takeSample(false, 3, 7);
   * assert.equal(new Set(three).size, 3);
   * await sc.stop();
   * ```
   */
  async takeSample(withReplacement: boolean, count: number, seed = seedOf(this)): Promise<T[]> {
    const origin = originOf(this, "takeSample");
    checkCount(origin, count);
    if (count === 0) return [];
    if (withReplacement) return drawnWithReplacement<T>(this, origin, count, seed);
    const drawn = await drawnWithout<T>(this, origin, count, seed);
    return firstOfShuffled(drawn, drawn.length, new SeededRandom(seed));
  }

  /**
   * As `sample`, with a fraction for every key.
   *
   * @param fractions for every key there is
   * @param seed default: from chance
   * @throws MR_BAD_ARGUMENT for a fraction below 0; MR_CONTEXT_STOPPED
   * @throws MR_BAD_ARGUMENT when an action meets a key without a fraction
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "sampleByKey");
   * const pairs = sc.range(0, 100).map(n => [n % 2 === 0 ? "even" : "odd", n]);
   * const evens = pairs.sampleByKey(false, new Map([["even", 1], ["odd", 0]]), 3);
   * assert.equal(await evens.count(), 50);
   * await sc.stop();
   * ```
   */
  sampleByKey<K, V>(
    this: PairRDD<K, V>,
    withReplacement: boolean,
    fractions: ReadonlyMap<K, number>,
    seed = seedOf(this),
  ): RDD<[K, V]> {
    const origin = originOf(this, "sampleByKey");
    for (const fraction of fractions.values()) checkFraction(origin, fraction);
    const sampler = keyedSampler(withReplacement, [...fractions], seed);
    return this.derive(narrow(origin, "mapPartitionsWithIndex", this.plan, sampler, true));
  }

  /**
   * As `sampleByKey`, with exactly the wanted part of every key's pairs, rounded up; it brings the values of each
   * key together.
   *
   * @param fractions for every key there is
   * @param seed default: from chance
   * @throws MR_BAD_ARGUMENT for a fraction below 0; MR_CONTEXT_STOPPED
   * @throws MR_BAD_ARGUMENT when an action meets a key without a fraction
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "sampleByKeyExact");
   * const pairs = sc.range(0, 100).map(n => [n % 2 === 0 ? "even" : "odd", n]);
   * const some = pairs.sampleByKeyExact(false, new Map([["even", 0.1], ["odd", 0.2]]), 3);
   * assert.equal((await some.countByKey()).get("odd"), 10);
   * await sc.stop();
   * ```
   */
  sampleByKeyExact<K, V>(
    this: PairRDD<K, V>,
    withReplacement: boolean,
    fractions: ReadonlyMap<K, number>,
    seed = seedOf(this),
  ): RDD<[K, V]> {
    const origin = originOf(this, "sampleByKeyExact");
    for (const fraction of fractions.values()) checkFraction(origin, fraction);
    const sampler = exactKeyedSampler(withReplacement, [...fractions], seed);
    const { plan } = this.groupByKey();
    return this.derive(narrow(origin, "mapPartitionsWithIndex", plan, sampler, true));
  }
}

/** Another seed every time, unless the platform is a deterministic one. */
function seedOf(rdd: Lineage): number {
  return rdd.context.platform.random.nextUint32();
}

function checkFraction(origin: Origin, fraction: number): void {
  if (fraction >= 0 && Number.isFinite(fraction)) return;
  throw millraceError(
    "MR_BAD_ARGUMENT",
    `a fraction of at least 0 was expected, got ${fraction}`,
    placeOf(origin),
  );
}
