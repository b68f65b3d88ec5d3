import { millraceError } from "../common/errors/index.ts";
import { canonicalKey } from "../common/keys/index.ts";
import { SeededRandom } from "../common/platform/deterministic/random.ts";

/** A function for `mapPartitionsWithIndex`. */
type SamplePartition = (index: number, records: Iterable<unknown>) => Iterable<unknown>;

/** Above this mean the draws are made in parts: their product would vanish. */
const GREATEST_DIRECT_MEAN = 30;

/** Chance of one partition: the same seed gives the same sample wherever the partition is computed. */
export function partitionRandom(seed: number, index: number): SeededRandom {
  return new SeededRandom(Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35));
}

/** Keeps the records whose chance falls between `low` (included) and `high`: samples of other bounds are disjoint. */
export function bernoulliSampler(low: number, high: number, seed: number): SamplePartition {
  return function* (index, records) {
    const random = partitionRandom(seed, index);
    for (const record of records) {
      const chance = random.next();
      if (chance >= low && chance < high) yield record;
    }
  };
}

/** Each record as often as a Poisson distribution of mean `fraction` says. */
export function poissonSampler(fraction: number, seed: number): SamplePartition {
  return function* (index, records) {
    const random = partitionRandom(seed, index);
    for (const record of records) {
      for (let times = poisson(fraction, random); times > 0; times--) yield record;
    }
  };
}

/** As the two above, with a fraction for every key. */
export function keyedSampler(
  withReplacement: boolean,
  fractions: readonly (readonly [unknown, number])[],
  seed: number,
): SamplePartition {
  return function* (index, records) {
    const fractionOf = fractionLookup(fractions);
    const random = partitionRandom(seed, index);
    for (const record of records as Iterable<readonly [unknown, unknown]>) {
      const fraction = fractionOf(record[0]);
      let times = withReplacement ? poisson(fraction, random) : Number(random.next() < fraction);
      for (; times > 0; times--) yield record;
    }
  };
}

/** Of all values of a key exactly the wanted part of them, rounded up. */
export function exactKeyedSampler(
  withReplacement: boolean,
  fractions: readonly (readonly [unknown, number])[],
  seed: number,
): SamplePartition {
  return function* (index, groups) {
    const fractionOf = fractionLookup(fractions);
    const random = partitionRandom(seed, index);
    for (const [key, values] of groups as Iterable<readonly [unknown, readonly unknown[]]>) {
      const wanted = Math.ceil(fractionOf(key) * values.length);
      const drawn = withReplacement ? [] : firstOfShuffled(values, wanted, random);
      while (drawn.length < wanted && values.length > 0) {
        drawn.push(values[Math.floor(random.next() * values.length)]);
      }
      for (const value of drawn) yield [key, value];
    }
  };
}

function fractionLookup(fractions: readonly (readonly [unknown, number])[]): (key: unknown) => number {
  const byKey = new Map(fractions.map(([key, fraction]) => [canonicalKey(key), fraction]));
  return key => {
    const fraction = byKey.get(canonicalKey(key));
    if (fraction !== undefined) return fraction;
    throw millraceError("MR_BAD_ARGUMENT", `there is no fraction for the key ${String(key)}`, {
      hint: "Give a fraction for every key; 0 leaves a key out.",
    });
  };
}

/** `count` of the values, each equally likely, in random order (Fisher and Yates, broken off). */
export function firstOfShuffled<T>(values: readonly T[], count: number, random: SeededRandom): T[] {
  const shuffled = [...values];
  const end = Math.min(count, shuffled.length);
  for (let i = 0; i < end; i++) {
    const other = i + Math.floor(random.next() * (shuffled.length - i));
    const taken = shuffled[other] as T;
    shuffled[other] = shuffled[i] as T;
    shuffled[i] = taken;
  }
  return shuffled.slice(0, end);
}

/** A draw from the Poisson distribution (Knuth, The Art of Computer Programming 2, 3.4.1). */
function poisson(mean: number, random: SeededRandom): number {
  let count = 0;
  let rest = mean;
  while (rest > 0) {
    const part = Math.min(rest, GREATEST_DIRECT_MEAN);
    rest -= part;
    const limit = Math.exp(-part);
    for (let product = random.next(); product > limit; product *= random.next()) count += 1;
  }
  return count;
}

/** A record with its chance: the least chances of all partitions are a sample of exact size. */
export type Drawn = readonly [chance: number, record: unknown];

/** The `count` records of a partition with the least chances, least first. */
export function leastChances(count: number, seed: number) {
  return (index: number, records: Iterable<unknown>): Iterable<Drawn> => {
    const random = partitionRandom(seed, index);
    let kept: Drawn[] = [];
    let limit = Number.POSITIVE_INFINITY;
    const cut = () => {
      kept = kept.sort(byChance).slice(0, count);
      if (kept.length === count) limit = kept.at(-1)?.[0] ?? 0;
    };
    for (const record of records) {
      const chance = random.next();
      if (chance >= limit) continue;
      kept.push([chance, record]);
      if (kept.length >= 2 * count + 64) cut();
    }
    cut();
    return kept;
  };
}

export function byChance(a: Drawn, b: Drawn): number {
  return a[0] - b[0];
}

/** A sample of fixed size and how many records it was taken from (Vitter: "Random sampling with a reservoir", R). */
export function reservoir(
  records: Iterable<unknown>,
  capacity: number,
  random: SeededRandom,
): { readonly count: number; readonly sample: unknown[] } {
  const sample: unknown[] = [];
  let count = 0;
  for (const record of records) {
    if (count < capacity) sample.push(record);
    else {
      const place = Math.floor(random.next() * (count + 1));
      if (place < capacity) sample[place] = record;
    }
    count += 1;
  }
  return { count, sample };
}
