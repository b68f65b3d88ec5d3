import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../../common/clock/index.ts";
import { SparkConf } from "../../common/conf/index.ts";
import {
  createDeterministicPlatform,
  type DeterministicPlatform,
} from "../../common/platform/deterministic/index.ts";
import type { DStream } from "../dstream/dstream.ts";
import { batchesStream } from "../fixtures/run-batches.ts";
import { StreamingContext } from "../streaming-context.ts";

type Seen = [timeMs: number, ...records: unknown[]];

interface Life {
  readonly ssc: StreamingContext;
  readonly clock: ManualClock;
  readonly platform: DeterministicPlatform;
  advance(batches?: number): Promise<void>;
}

/** One run of an application on a disk that outlives it. */
async function live(
  before: { readonly platform: DeterministicPlatform; readonly clock: ManualClock } | undefined,
  declare: (ssc: StreamingContext) => void,
  conf: Readonly<Record<string, string>> = {},
): Promise<Life> {
  const platform = createDeterministicPlatform(
    before === undefined ? { seed: 1 } : { seed: 1, disk: before.platform.disk },
  );
  const clock = new ManualClock(before?.clock.now() ?? 0);
  const ssc = await StreamingContext.getOrCreate("/checkpoint", () => {
    const all = new SparkConf().setMaster("local").setAppName("test").set("spark.log.level", "off");
    const created = new StreamingContext(all.setAll(conf), 1000, { clock, platform });
    declare(created);
    return created;
  });
  await ssc.start();
  const advance = async (batches = 1): Promise<void> => {
    for (let i = 0; i < batches; i++) {
      clock.advance(1000);
      await ssc.whenIdle();
    }
  };
  await ssc.whenIdle();
  return { ssc, clock, platform, advance };
}

const add = (a: number, b: number) => a + b;
const subtract = (a: number, b: number) => a - b;
const letters = [["a"], ["a", "b"], ["b"], [], ["a"], ["c"], ["a", "a"], [], ["b"], ["a"]];

function collectTo(seen: Seen[], stream: DStream<unknown>): void {
  stream.foreachRDD(async (rdd, time) => {
    seen.push([time.milliseconds, ...(await rdd.collect()).sort()]);
  });
}

async function seenOverLives(
  build: (letters: DStream<string>) => DStream<unknown>,
  livesOfBatches: readonly number[],
): Promise<Seen[]> {
  const seen: Seen[] = [];
  let last: Life | undefined;
  for (const batches of livesOfBatches) {
    last = await live(last, ssc => collectTo(seen, build(batchesStream(ssc, letters))));
    await last.advance(batches);
    last.platform.crash();
  }
  return seen;
}

for (const [name, build] of [
  ["a plain stream", letters => letters.map(letter => [letter, 1])],
  ["a window", letters => letters.window(3000)],
  ["an inverse window", letters => letters.map(l => [l, 1]).reduceByKeyAndWindow(add, subtract, 3000, 1000)],
  [
    "an inverse window that is saved every two batches",
    letters =>
      letters
        .map(l => [l, 1])
        .reduceByKeyAndWindow(add, subtract, 3000, 1000)
        .checkpoint(2000),
  ],
  ["a count of a window", letters => letters.countByWindow(4000, 2000)],
] satisfies [string, (letters: DStream<string>) => DStream<unknown>][]) {
  test(`${name} goes on after a crash wherever it stopped`, async () => {
    const undisturbed = await seenOverLives(build, [10]);
    assert.equal(undisturbed.at(-1)?.[0], 10_000);
    for (let at = 1; at < 10; at++) {
      assert.deepEqual(await seenOverLives(build, [at, 10 - at]), undisturbed, `stopped after ${at}`);
    }
    assert.deepEqual(
      await seenOverLives(
        build,
        Array.from({ length: 10 }, () => 1),
      ),
      undisturbed,
    );
  });
}
