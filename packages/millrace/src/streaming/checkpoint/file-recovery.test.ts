import assert from "node:assert/strict";
import { test } from "node:test";
import { createDeterministicPlatform } from "../../common/platform/deterministic/index.ts";
import { beginLife } from "../fixtures/lives.ts";
import type { StreamingContext } from "../streaming-context.ts";

const batchMs = 2000;

test("[case 168] files are read once each over a crash: those of open batches again, those of the down time in its batches", async () => {
  const outputs: [timeMs: number, sum: number][] = [];
  const begun = Promise.withResolvers<void>();
  const sumsUntil = (hangsAtMs: number) => (ssc: StreamingContext) =>
    ssc
      .textFileStream("in")
      .map<number>(line => Number(line))
      .reduceByWindow((a, b) => a + b, 60_000, batchMs)
      .foreachRDD(async (rdd, { milliseconds }) => {
        if (milliseconds === hangsAtMs) {
          begun.resolve();
          await new Promise(() => {});
        }
        for (const sum of await rdd.collect()) outputs.push([milliseconds, sum]);
      });

  const first = await beginLife(sumsUntil(6000), { files: { "in/.keep": "" }, batchMs });
  first.clock.advance(batchMs / 2);
  for (const n of [1, 2, 3]) {
    first.platform.files.put(`in/${n}`, `${n}\n`, first.clock.now());
    first.clock.advance(batchMs);
    await (n < 3 ? first.ssc.whenIdle() : begun.promise);
  }
  first.clock.advance(batchMs);
  assert.deepEqual(outputs, [
    [2000, 1],
    [4000, 3],
  ]);
  first.platform.crash();

  const between = createDeterministicPlatform({ seed: 1, disk: first.platform.disk });
  for (const n of [4, 5, 6]) {
    between.files.put(`in/${n}`, `${n}\n`, first.clock.now());
    first.clock.advance(batchMs);
  }
  assert.equal(first.clock.now(), 15_000);
  outputs.length = 0;
  const second = await beginLife(sumsUntil(Number.NaN), {
    after: { platform: between, clock: first.clock },
    batchMs,
  });
  assert.deepEqual(
    outputs.map(([timeMs]) => timeMs),
    [6000, 8000, 10_000, 12_000, 14_000],
  );
  for (const n of [7, 8, 9]) {
    second.platform.files.put(`in/${n}`, `${n}\n`, second.clock.now());
    await second.advance();
  }
  assert.deepEqual([...new Set(outputs.map(([, sum]) => sum))], [6, 10, 15, 21, 28, 36, 45]);
  assert.equal(outputs.length, 8);
  await second.ssc.stop();
});
