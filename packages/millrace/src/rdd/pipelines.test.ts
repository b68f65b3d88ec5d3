import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { HashPartitioner } from "../plan/index.ts";
import { withContext } from "./fixtures/contexts.ts";
import type { RDD } from "./rdd.ts";
import type { SparkContext } from "./spark-context.ts";

/** A step on numbers, on an RDD and on a plain array. */
interface Step {
  readonly rdd: (input: RDD<number>) => RDD<number>;
  readonly array: (input: readonly number[]) => number[];
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

function groups(input: readonly number[]): [number, number[]][] {
  const found = new Map<number, number[]>();
  for (const n of input) found.set(n % 5, [...(found.get(n % 5) ?? []), n]);
  return [...found];
}

const steps: Readonly<Record<string, Step>> = {
  map: { rdd: r => r.map(n => (n * 3 + 1) % 97), array: a => a.map(n => (n * 3 + 1) % 97) },
  filter: { rdd: r => r.filter(n => n % 3 !== 0), array: a => a.filter(n => n % 3 !== 0) },
  flatMap: {
    rdd: r => r.flatMap(n => (n % 2 === 0 ? [n, n + 1] : [n])),
    array: a => a.flatMap(n => (n % 2 === 0 ? [n, n + 1] : [n])),
  },
  mapPartitions: {
    rdd: r =>
      r.mapPartitions(function* (ns) {
        for (const n of ns) yield n + 1;
      }),
    array: a => a.map(n => n + 1),
  },
  glom: { rdd: r => r.glom().flatMap(ns => [...ns]), array: a => [...a] },
  union: { rdd: r => r.union(r.filter(n => n < 20)), array: a => [...a, ...a.filter(n => n < 20)] },
  distinct: { rdd: r => r.distinct(), array: a => [...new Set(a)] },
  repartition: { rdd: r => r.repartition(3), array: a => [...a] },
  coalesce: { rdd: r => r.coalesce(2), array: a => [...a] },
  cache: { rdd: r => r.cache(), array: a => [...a] },
  localCheckpoint: { rdd: r => r.localCheckpoint(), array: a => [...a] },
  keyed: {
    rdd: r =>
      r
        .map(n => [n, n])
        .mapValues(n => n + 2)
        .values(),
    array: a => a.map(n => n + 2),
  },
  reduceByKey: {
    rdd: r =>
      r
        .map(n => [n % 5, n])
        .reduceByKey((a, b) => a + b)
        .map(([k, n]) => (k + n) % 97),
    array: a => groups(a).map(([k, ns]) => (k + sum(ns)) % 97),
  },
  groupByKey: {
    rdd: r =>
      r
        .map(n => [n % 5, n])
        .groupByKey(2)
        .map(([k, ns]) => k + ns.length),
    array: a => groups(a).map(([k, ns]) => k + ns.length),
  },
  "reduceByKey twice": {
    rdd: r =>
      r
        .map(n => [n % 5, n])
        .reduceByKey((a, b) => Math.max(a, b), 3)
        .reduceByKey((a, b) => a + b)
        .values(),
    array: a => groups(a).map(([, ns]) => Math.max(...ns)),
  },
  join: {
    rdd: r =>
      r
        .map(n => [n % 5, n])
        .join(r.distinct().map(n => [n % 7, n]))
        .map(([, [a, b]]) => (a + b) % 97)
        .distinct(),
    array: a => {
      const right = [...new Set(a)];
      return [...new Set(a.flatMap(n => right.filter(m => m % 7 === n % 5).map(m => (n + m) % 97)))];
    },
  },
  cogroup: {
    rdd: r =>
      r
        .map(n => [n % 5, n])
        .cogroup(r.map(n => [n % 3, n]))
        .map(([k, [a, b]]) => k + a.length - b.length),
    array: a =>
      [...new Set([...a.map(n => n % 5), ...a.map(n => n % 3)])].map(
        k => k + a.filter(n => n % 5 === k).length - a.filter(n => n % 3 === k).length,
      ),
  },
  cartesian: {
    rdd: r =>
      r
        .filter(n => n % 10 === 0)
        .cartesian(r.filter(n => n % 10 === 1))
        .map(([a, b]) => a + b),
    array: a => a.filter(n => n % 10 === 0).flatMap(n => a.filter(m => m % 10 === 1).map(m => n + m)),
  },
  sortBy: { rdd: r => r.sortBy(n => (n * 31) % 97), array: a => [...a] },
  "sortBy down": { rdd: r => r.sortBy(n => `${n}`, false, 3), array: a => [...a] },
  sortByKey: {
    rdd: r =>
      r
        .map(n => [n % 5, n])
        .sortByKey()
        .filterByRange(1, 3)
        .values(),
    array: a => a.filter(n => n % 5 >= 1 && n % 5 <= 3),
  },
  repartitionAndSort: {
    rdd: r =>
      r
        .map(n => [n, 1])
        .repartitionAndSortWithinPartitions(new HashPartitioner(3))
        .keys(),
    array: a => [...a],
  },
  intersection: {
    rdd: r => r.intersection(r.filter(n => n % 2 === 0)),
    array: a => [...new Set(a.filter(n => n % 2 === 0))],
  },
  subtract: { rdd: r => r.subtract(r.filter(n => n % 3 === 0)), array: a => a.filter(n => n % 3 !== 0) },
  subtractByKey: {
    rdd: r =>
      r
        .map(n => [n % 7, n])
        .subtractByKey(r.filter(n => n % 2 === 0).map(n => [n % 7, "x"]))
        .values(),
    array: a => a.filter(n => !a.some(m => m % 2 === 0 && m % 7 === n % 7)),
  },
  aggregateByKey: {
    rdd: r =>
      r
        .map(n => [n % 5, n])
        .aggregateByKey(
          [] as number[],
          (list, n) => {
            list.push(n);
            return list;
          },
          (left, right) => left.concat(right),
        )
        .map(([k, ns]) => k + ns.length),
    array: a => groups(a).map(([k, ns]) => k + ns.length),
  },
  foldByKey: {
    rdd: r =>
      r
        .map(n => [n % 5, n])
        .foldByKey(-1000, (a, b) => Math.max(a, b))
        .values(),
    array: a => groups(a).map(([, ns]) => Math.max(...ns)),
  },
  groupBy: {
    rdd: r => r.groupBy(n => n % 5).map(([k, ns]) => (k + ns.reduce((a, b) => a + b, 0)) % 97),
    array: a => groups(a).map(([k, ns]) => (k + sum(ns)) % 97),
  },
  leftOuterJoin: {
    rdd: r =>
      r
        .map(n => [n, n])
        .leftOuterJoin(
          r
            .filter(n => n % 2 === 0)
            .distinct()
            .map(n => [n, 1]),
        )
        .map(([n, [, found]]) => n + (found ?? 0)),
    array: a => a.map(n => n + (n % 2 === 0 ? 1 : 0)),
  },
  zipWithIndex: {
    rdd: r => r.zipWithIndex().map(([, i]) => i % 97),
    array: a => a.map((_, i) => i % 97),
  },
  randomSplit: {
    rdd: r => {
      const [left, right] = r.randomSplit([2, 1], 11) as [RDD<number>, RDD<number>];
      return left.union(right);
    },
    array: a => [...a],
  },
  "sample of everything": { rdd: r => r.sample(false, 1, 5), array: a => [...a] },
  zip: { rdd: r => r.zip(r.map(n => n + 1)).map(([a, b]) => b - a), array: a => a.map(() => 1) },
};

const byNumber = (a: number, b: number) => a - b;

async function check(sc: SparkContext, numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(96), { maxLength: 30 }),
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.constantFrom(...Object.keys(steps)), { maxLength: 6 }),
      async (input, partitions, names) => {
        let rdd = sc.parallelize(input, partitions);
        let model: number[] = input;
        for (const name of names) {
          const step = steps[name] as Step;
          rdd = step.rdd(rdd);
          // A few `cartesian` in a row would square the number of partitions each time.
          if (rdd.getNumPartitions() > 8) rdd = rdd.coalesce(4);
          model = step.array(model);
        }
        const expected = model.toSorted(byNumber);
        const collected = await rdd.collect();
        assert.deepEqual(collected.toSorted(byNumber), expected);
        // Again, now that shuffles have run and partitions are kept; by another sink; and from within.
        assert.deepEqual(await rdd.collect(), collected);
        assert.equal(await rdd.count(), expected.length);
        assert.deepEqual((await rdd.coalesce(1).glom().collect())[0] ?? [], collected);
        assert.deepEqual(await rdd.take(2), collected.slice(0, 2));
        assert.deepEqual(await rdd.sortBy(n => n).collect(), expected);
        assert.deepEqual(await rdd.top(3), expected.toReversed().slice(0, 3));
        assert.equal(await rdd.sum(), sum(expected));
        assert.equal(
          await rdd.treeAggregate(
            0,
            (a, b) => a + b,
            (a, b) => a + b,
          ),
          sum(expected),
        );
      },
    ),
    { numRuns, ...replayed, reporter },
  );
}

/** `PIPELINES=seed/path` runs one pipeline again. */
const [seed, path] = process.env["PIPELINES"]?.split("/") ?? [];
const replayed = seed === undefined ? {} : { seed: Number(seed), path: path ?? "" };

function reporter<T>(details: fc.RunDetails<T>): void {
  if (!details.failed) return;
  const again = `PIPELINES=${details.seed}/${details.counterexamplePath} node --conditions=millrace-source --test packages/millrace/src/rdd/pipelines.test.ts`;
  throw new Error(`${fc.defaultReportMessage(details)}\n\nAgain: ${again}`, {
    cause: details.errorInstance,
  });
}

/** Pipelines a test runs: a part of all, so that a slow machine is not taken for one that hangs. */
const PART = 50;

for (const [master, parts] of [
  ["local", 12],
  ["local[1]", 4],
  ["local[2]", 4],
] as const) {
  for (let part = 1; part <= parts; part++) {
    test(`${master}: any pipeline does what arrays do, ${part} of ${parts}`, () =>
      withContext(master, sc => check(sc, PART)));
  }
}
