import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { test } from "node:test";
import fc from "fast-check";
import { SparkConf } from "../common/conf/index.ts";
import { StorageLevel } from "../plan/index.ts";
import { withContext } from "./fixtures/contexts.ts";
import { type Step, steps, sum } from "./fixtures/pipeline-steps.ts";
import type { RDD } from "./rdd.ts";
import { SparkContext } from "./spark-context.ts";

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
  ["local", 8],
  ["local[1]", 2],
  ["local[2]", 2],
] as const) {
  for (let part = 1; part <= parts; part++) {
    test(`${master}: any pipeline does what arrays do, ${part} of ${parts}`, () =>
      withContext(master, sc => check(sc, PART)));
  }
}

const levels = [
  "MEMORY_ONLY",
  "MEMORY_ONLY_SER",
  "MEMORY_AND_DISK",
  "MEMORY_AND_DISK_SER",
  "DISK_ONLY",
  "OFF_HEAP",
] as const;

/** What befalls a pipeline: where it is persisted, and where a task fails or its thread dies, before which step. */
const trouble = fc.record({
  level: fc.constantFrom(...levels, undefined),
  persistedAt: fc.nat(5),
  blow: fc.oneof({ weight: 5, arbitrary: fc.constant("none") }, fc.constantFrom("failure", "death")),
  struckAt: fc.nat(5),
});

/** A step in which one task fails, or the thread it runs in dies, once. */
function struck(rdd: RDD<number>, blow: string): RDD<number> {
  const blows = new Int32Array(new SharedArrayBuffer(4)).fill(1);
  return rdd.map(n => {
    if (Atomics.sub(blows, 0, 1) === 1) {
      if (blow === "death") process.exit(3);
      throw new Error("struck");
    }
    return n;
  });
}

/** Between two steps of nothing: what comes before or after may be persisted at another level. */
function keptAs(rdd: RDD<number>, level: StorageLevel): RDD<number> {
  return rdd
    .map(n => n)
    .persist(level)
    .map(n => n);
}

/** Their result depends on the order of records, which depends on what was spilled. */
const ordered = new Set(["zip", "randomSplit"]);

async function checkInTrouble(sc: SparkContext, blows: readonly string[], numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(96), { maxLength: 60 }),
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.constantFrom(...Object.keys(steps).filter(name => !ordered.has(name))), { maxLength: 6 }),
      trouble,
      async (input, partitions, names, { level, persistedAt, blow, struckAt }) => {
        // A local checkpoint dies with its thread, by its nature.
        const isStruck = blows.includes(blow) && (blow !== "death" || !names.includes("localCheckpoint"));
        let rdd = sc.parallelize(input, partitions);
        let model: number[] = input;
        for (const [at, name] of names.entries()) {
          if (level !== undefined && at === persistedAt) rdd = keptAs(rdd, StorageLevel[level]);
          if (isStruck && at === struckAt) rdd = struck(rdd, blow);
          const step = steps[name] as Step;
          rdd = step.rdd(rdd);
          if (rdd.getNumPartitions() > 8) rdd = rdd.coalesce(4);
          model = step.array(model);
        }
        const expected = model.toSorted(byNumber);
        assert.deepEqual((await rdd.collect()).toSorted(byNumber), expected);
        assert.deepEqual(await rdd.sortBy(n => n).collect(), expected);
        assert.equal(await rdd.count(), expected.length);
      },
    ),
    { numRuns, ...replayed, reporter },
  );
}

for (const [master, memory, blows, parts] of [
  ["local", "2k", [], 2],
  ["local[1,4]", "4k", ["failure"], 3],
  ["local[2,4]", "4k", ["failure", "death"], 2],
  ["local[2,4]", "1g", ["failure", "death"], 1],
] as const) {
  for (let part = 1; part <= parts; part++) {
    test(`${master} with ${memory}: pipelines that spill, are kept, fail and die, ${part} of ${parts}`, async () => {
      const directory = mkdtempSync(`${tmpdir()}/pipelines-`);
      const conf = new SparkConf()
        .setMaster(master)
        .setAppName("trouble")
        .set("spark.log.level", "off")
        .set("spark.testing.memory", memory)
        .set("spark.local.dir", directory);
      const sc = new SparkContext(conf);
      try {
        await checkInTrouble(sc, blows, PART);
      } finally {
        await sc.stop();
        assert.deepEqual(readdirSync(directory), []);
        rmSync(directory, { recursive: true });
      }
    });
  }
}
