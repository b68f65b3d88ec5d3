import assert from "node:assert/strict";
import { test } from "node:test";
import type { DStream } from "../dstream/dstream.ts";
import { beginLife, checkpointDir, type Life } from "../fixtures/lives.ts";
import { batchesStream } from "../fixtures/run-batches.ts";
import type { StreamingContext } from "../streaming-context.ts";
import { planRestart } from "./restart-plan.ts";

const numbers = Array.from({ length: 20 }, (_, i) => [i + 1]);

/** Declares one output that notes down what it sees, and fails where told. */
function noting(
  seen: unknown[],
  build: (numbers: DStream<number>) => DStream<unknown>,
  failsAt: (timeMs: number) => boolean = () => false,
) {
  return (ssc: StreamingContext): void => {
    build(batchesStream(ssc, numbers)).foreachRDD(async (rdd, { milliseconds }) => {
      if (failsAt(milliseconds)) throw new RangeError("down");
      seen.push([milliseconds, ...(await rdd.collect())]);
    });
  };
}

const asIs = (stream: DStream<number>) => stream.map<number>(n => n);
const sumOfThree = (stream: DStream<number>) =>
  stream.reduceByWindow(
    (a, b) => a + b,
    (a, b) => a - b,
    3000,
    1000,
  );

async function kill(life: Life): Promise<Life> {
  life.platform.crash();
  return life;
}

test("what runs again, what is made up for, and when regular batches begin", () => {
  const stopped = { zeroMs: 0, batchMs: 1000, open: [2000, 4000], lastMs: 4000 };
  assert.deepEqual(planRestart(stopped, 4500, "replay"), {
    times: [2000, 4000],
    skipped: undefined,
    firstMs: 5000,
  });
  assert.deepEqual(planRestart(stopped, 7000, "replay"), {
    times: [2000, 4000, 5000, 6000, 7000],
    skipped: undefined,
    firstMs: 8000,
  });
  assert.deepEqual(planRestart(stopped, 7000, "coalesce"), {
    times: [2000, 4000, 7000],
    skipped: [5000, 6000],
    firstMs: 8000,
  });
  assert.deepEqual(planRestart(stopped, 7000, "skip"), {
    times: [2000, 4000],
    skipped: [5000, 7000],
    firstMs: 8000,
  });
  assert.equal(planRestart(stopped, 1000, "replay").firstMs, 5000);
});

for (const [policy, build, expected] of [
  ["replay", asIs, [3, 4, 5, 6, 7].map(n => [n * 1000, n])],
  ["coalesce", asIs, [6, 7].map(n => [n * 1000, n])],
  ["skip", asIs, [[7000, 7]]],
  ["replay", sumOfThree, [3, 4, 5, 6, 7].map(n => [n * 1000, 3 * n - 3])],
  [
    "coalesce",
    sumOfThree,
    [
      [6000, 6],
      [7000, 13],
    ],
  ],
  ["skip", sumOfThree, [[7000, 7]]],
] as const) {
  test(`down time, ${policy}, ${build === asIs ? "no state" : "a window"}`, async () => {
    const conf = { "spark.streaming.recovery.downTime": policy };
    const life = await beginLife(noting([], build), { conf });
    await life.advance(2);
    await kill(life);
    life.clock.advance(4000);
    const seen: unknown[] = [];
    const next = await beginLife(noting(seen, build), { conf, after: life });
    await next.advance();
    await next.ssc.stop();
    assert.deepEqual(seen, expected);
  });
}

test("a batch that failed stops the context, and runs again after a restart", async () => {
  const seen: unknown[] = [];
  const life = await beginLife(noting(seen, sumOfThree, timeMs => timeMs === 3000));
  await life.advance(2);
  life.clock.advance(1000);
  await assert.rejects(life.ssc.awaitTermination(), { code: "MR_STREAMING_JOB_FAILED" });
  await life.ssc.stop();
  const next = await beginLife(noting(seen, sumOfThree), { after: life });
  await next.advance();
  await next.ssc.stop();
  assert.deepEqual(
    seen,
    [1, 3, 6, 9].map((sum, i) => [(i + 1) * 1000, sum]),
  );
});

test("with dead letters a batch that failed is described and given up", async () => {
  const conf = { "spark.streaming.failure.policy": "deadLetter" };
  const seen: unknown[] = [];
  const life = await beginLife(
    noting(seen, asIs, timeMs => timeMs === 2000),
    { conf },
  );
  await life.advance(3);
  const letter = JSON.parse(life.platform.files.text(`${checkpointDir}/dead-letters/2000.json`) ?? "{}");
  assert.equal(letter.batchTime, 2000);
  assert.match(letter.outputs[0].failureReason, /down/);
  await kill(life);
  const next = await beginLife(noting(seen, asIs), { conf, after: life });
  await next.advance();
  await next.ssc.stop();
  assert.deepEqual(
    seen,
    [1, 3, 4].map(n => [n * 1000, n]),
  );
});

test("of two programs on one checkpoint the older one stops", async () => {
  const first = await beginLife(noting([], asIs));
  await first.advance(2);
  const { StreamingContext: Context } = await import("../streaming-context.ts");
  assert.equal(Context.getActive(), first.ssc);
  const waiting = assert.rejects(first.ssc.awaitTermination(), { code: "MR_CHECKPOINT_FENCED" });
  // Another process: it knows nothing of this one.
  const host = Object.create(first.platform.host, { isCrashed: { value: true, configurable: true } });
  Object.defineProperty(first.platform, "host", { value: host });
  const seen: unknown[] = [];
  const second = await beginLife(noting(seen, asIs), { after: first });
  first.clock.advance(1000);
  await waiting;
  await second.advance();
  await second.ssc.stop();
  await first.ssc.stop();
  assert.deepEqual(seen, [[3000, 3]]);
});

test("a stateful stream that is gone is told, and can be accepted", async () => {
  const life = await beginLife(noting([], stream => sumOfThree(stream).uid("sums")));
  await life.advance(2);
  await life.ssc.stop({ graceful: false });
  const changed = noting([], asIs);
  await assert.rejects(beginLife(changed, { after: life }), {
    code: "MR_CHECKPOINT_MISMATCH",
    message: /reduceByKeyAndWindow sums\/reduceByKeyAndWindow has results and is no longer there/,
    hint: /spark\.streaming\.recovery\.accept=lostState/,
  });
  const conf = { "spark.streaming.recovery.accept": "lostState" };
  const next = await beginLife(changed, { after: life, conf });
  await next.ssc.stop();
});

test("a program that begins anew in a used directory does not go on with its checkpoint [case 363]", async () => {
  const damagedFile = { [`${checkpointDir}/checkpoint-1000.1.1`]: "not a checkpoint" };
  await assert.rejects(beginLife(noting([], asIs), { files: damagedFile }), {
    code: "MR_CHECKPOINT_DAMAGED",
  });
  const seen: unknown[] = [];
  const recovery = { createOnError: true };
  const life = await beginLife(noting(seen, asIs), { files: damagedFile, recovery });
  await life.advance();
  await life.ssc.stop();
  assert.deepEqual(seen, [[1000, 1]]);
});
