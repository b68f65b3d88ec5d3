import assert from "node:assert/strict";
import { test } from "node:test";
import { SparkConf } from "../../common/conf/index.ts";
import { createDeterministicPlatform } from "../../common/platform/deterministic/index.ts";
import { StreamingContext } from "../streaming-context.ts";

async function collect(source: AsyncIterable<number>, ms: number): Promise<number[]> {
  const platform = createDeterministicPlatform({ seed: 1 });
  const conf = new SparkConf().setMaster("local").setAppName("iterable").set("spark.log.level", "off");
  const ssc = new StreamingContext(conf, 1000, { platform });
  const seen: number[] = [];
  ssc.receiverStream(source).foreachRDD(async rdd => {
    seen.push(...(await rdd.collect()));
  });
  await platform.run(ssc.start());
  await platform.advance(ms);
  await platform.run(ssc.stop());
  return seen;
}

test("what it yields is stored, and its end is no failure", async () => {
  let starts = 0;
  const seen = await collect(
    {
      async *[Symbol.asyncIterator]() {
        starts += 1;
        yield 1;
        yield 2;
      },
    },
    10_000,
  );
  assert.deepEqual([seen, starts], [[1, 2], 1]);
});

test("one that fails is iterated anew", async () => {
  let starts = 0;
  const seen = await collect(
    {
      async *[Symbol.asyncIterator]() {
        starts += 1;
        yield starts;
        if (starts === 1) throw new RangeError("broken");
      },
    },
    5000,
  );
  assert.deepEqual(seen, [1, 2]);
});
