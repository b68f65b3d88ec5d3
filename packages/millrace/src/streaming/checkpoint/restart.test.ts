import assert from "node:assert/strict";
import { test } from "node:test";
import type { State } from "../../task/state/key-state.ts";
import type { DStream } from "../dstream/dstream.ts";
import type { StateMigration } from "../dstream/state-form.ts";
import { StateSpec } from "../dstream/state-spec.ts";
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

const add = (a: number, b: number) => a + b;
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

test("a stop saves what streams have come to: nothing is computed again", async () => {
  const declare = (computed: number[]) => (ssc: StreamingContext) => {
    batchesStream(ssc, numbers)
      .map<string, number>(n => {
        computed.push(n);
        return ["sum", n];
      })
      .updateStateByKey((values, sum = 0) => values.reduce(add, sum))
      .foreachRDD(rdd => rdd.count());
  };
  const life = await beginLife(declare([]));
  await life.advance(3);
  await life.ssc.stop();
  const computed: number[] = [];
  const next = await beginLife(declare(computed), { after: life });
  await next.advance();
  await next.ssc.stop();
  assert.deepEqual(computed, [4]);
});

test("with retries a batch is tried until it succeeds, and is done once", async () => {
  const conf = {
    "spark.streaming.failure.policy": "retry",
    "spark.streaming.failure.maxRetries": "2",
    "spark.streaming.failure.retryDelay": "100ms",
  };
  const seen: unknown[] = [];
  const failures = new Map([
    [2000, 2],
    [3000, 3],
  ]);
  const declare = noting(seen, sumOfThree, timeMs => {
    const left = failures.get(timeMs) ?? 0;
    failures.set(timeMs, left - 1);
    return left > 0;
  });
  const life = await beginLife(declare, { conf });
  await life.advance();
  life.clock.advance(1000);
  await life.platform.run(life.ssc.whenIdle(), 1000);
  assert.deepEqual(seen, [
    [1000, 1],
    [2000, 3],
  ]);
  // One failure more than there are tries: the context stops, and the next run does it again.
  life.clock.advance(1000);
  const failed = life.platform.run(life.ssc.awaitTermination(), 1000);
  await assert.rejects(failed, { code: "MR_STREAMING_JOB_FAILED" });
  await life.ssc.stop();
  const next = await beginLife(declare, { after: life, conf });
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
  const { platform } = first.ssc;
  const host = Object.create(platform.host, { isCrashed: { value: true, configurable: true } });
  Object.defineProperty(platform, "host", { value: host });
  const seen: unknown[] = [];
  const second = await beginLife(noting(seen, asIs), { after: first });
  first.clock.advance(1000);
  await waiting;
  await second.advance();
  await second.ssc.stop();
  await first.ssc.stop();
  assert.deepEqual(seen, [[3000, 3]]);
});

/** Sums of all numbers so far, in an input that has the next ones in every batch. */
function summing(seen: unknown[], failsAt = 0) {
  return (ssc: StreamingContext): void => {
    let next = 1;
    const source = {
      title: "Numbers",
      saveState: () => next,
      restore: ({ state }: { readonly state?: unknown }) => {
        next = Number(state ?? 1);
      },
      compute: () => ssc.sc.parallelize<[string, number]>([["sum", next++]]),
    };
    ssc
      .inputStream("numbers", () => source)
      .updateStateByKey((values, sum = 0) => values.reduce(add, sum))
      .foreachRDD(async (rdd, { milliseconds }) => {
        if (milliseconds === failsAt) throw new RangeError("down");
        for (const [, sum] of await rdd.collect()) seen.push([milliseconds, sum]);
      });
  };
}

test("another batch interval is told, and once it is accepted states and inputs go on", async () => {
  const seen: unknown[] = [];
  const life = await beginLife(summing(seen));
  await life.advance(3);
  await life.ssc.stop();
  await assert.rejects(beginLife(summing(seen), { after: life, batchMs: 2000 }), {
    code: "MR_CHECKPOINT_MISMATCH",
    message: /fit its checkpoint: the batch interval is 2000 ms, and was 1000 ms$/,
    hint: /accept=batchInterval\./,
  });
  const conf = { "spark.streaming.recovery.accept": "batchInterval" };
  for (const batches of [2, 1]) {
    const next = await beginLife(summing(seen), { after: life, batchMs: 2000, conf });
    await next.advance(batches);
    next.platform.crash();
    life.clock.setTime(next.clock.now());
  }
  assert.deepEqual(seen, [
    [1000, 1],
    [2000, 3],
    [3000, 6],
    [5000, 10],
    [7000, 15],
    [9000, 21],
  ]);
});

test("with another batch interval windows begin empty, which is told", async () => {
  const build = (stream: DStream<number>) => stream.window(3000);
  const life = await beginLife(noting([], build));
  await life.advance(3);
  await life.ssc.stop();
  await assert.rejects(beginLife(noting([], build), { after: life, batchMs: 500 }), {
    code: "MR_CHECKPOINT_MISMATCH",
    message: /was 1000 ms; with another interval window window-\d+ begins with an empty window$/,
    hint: /accept=batchInterval,lostState\./,
  });
});

test("with another batch interval a batch that is not done cannot run again, which is told", async () => {
  const life = await beginLife(summing([], 2000));
  await life.advance();
  life.clock.advance(1000);
  await assert.rejects(life.ssc.awaitTermination(), { code: "MR_STREAMING_JOB_FAILED" });
  await life.ssc.stop();
  const conf = { "spark.streaming.recovery.accept": "batchInterval" };
  await assert.rejects(beginLife(summing([]), { after: life, batchMs: 2000, conf }), {
    code: "MR_CHECKPOINT_MISMATCH",
    message: /the batches at 2000 ms, which are not done, cannot run again/,
    hint: /accept=lostState\./,
  });
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

/** Counts each number; keys of version 1 are texts of at most two letters, with a mark. */
function counting(seen: unknown[], version: number, migrate?: StateMigration<string, string>) {
  return (ssc: StreamingContext): void => {
    const spec = StateSpec.function((key: string, one: number | undefined, state: State<unknown>) => {
      const count = Number.parseInt(String(state.getOption() ?? 0), 10) + (one ?? 0);
      state.update(version === 0 ? count : `${count} times`);
      return [key, state.get()];
    });
    batchesStream(ssc, [["a", "b", "a"], ["b"], ["a"], ["b"]])
      .map(letter => [version === 0 ? letter : `${letter}!`, 1])
      .mapWithState(version === 0 ? spec : spec.version(version, migrate))
      .checkpoint(1000)
      .foreachRDD(async rdd => {
        seen.push(...(await rdd.collect()));
      });
  };
}

test("states of another version are migrated, or refused", async () => {
  const first = await beginLife(counting([], 0));
  await first.advance(2);
  await kill(first);
  await assert.rejects(beginLife(counting([], 1), { after: first }), {
    code: "MR_CHECKPOINT_MISMATCH",
    message: /the state of mapWithState-\d+ has version 1, and had 0: a migration function is missing/,
  });
  for (const [migrate, message] of [
    [() => ["same", ""], /two states for the key "same"/],
    [
      () => {
        throw new RangeError("no way");
      },
      /the migration function failed for the key "[ab]"/,
    ],
  ] satisfies [StateMigration<string, string>, RegExp][]) {
    const failing = beginLife(counting([], 1, migrate), { after: first });
    await assert.rejects(failing, { code: "MR_CHECKPOINT_MISMATCH", message });
  }
  const seen: unknown[] = [];
  const calls: unknown[] = [];
  const migrate: StateMigration<string, string> = (key, count, from) => {
    calls.push([key, count, from]);
    return [`${key}!`, `${count} times`];
  };
  // Killed before the migrated state is saved, and after: it is migrated from what is there.
  for (const batches of [0, 1, 1]) {
    const life = await beginLife(counting(seen, 1, migrate), { after: first });
    await life.advance(batches);
    await kill(life);
    first.clock.setTime(life.clock.now());
  }
  assert.deepEqual(seen, [
    ["a!", "3 times"],
    ["b!", "3 times"],
  ]);
  const migrated = new Set(calls.map(call => JSON.stringify(call)));
  assert.deepEqual([...migrated].sort(), ['["a",2,0]', '["b",1,0]', '["b",2,0]']);
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

class Total {
  sum = 0;
  plus(value: number): this {
    this.sum += value;
    return this;
  }
}

test("states that are instances of a class are warned of, once, and are plain objects in the next run", async () => {
  const seen: unknown[] = [];
  const declare = noting(seen, stream =>
    stream
      .map<[string, number]>(n => ["key", n])
      .mapWithState(
        StateSpec.function((_: string, n: number | undefined, state: State<Total>) => {
          const total = Object.assign(new Total(), state.getOption()).plus(n ?? 0);
          state.update(total);
          return total.sum;
        }),
      )
      .checkpoint(2000),
  );
  const life = await beginLife(declare, { conf: { "spark.log.level": "warn" } });
  await life.advance(9);
  const warnings = life.platform.host.stderrText.match(
    /The states of mapWithState at .* are instances of Total/g,
  );
  assert.equal(warnings?.length, 1);
  assert.match(warnings?.[0] ?? "", /restart\.test\.ts:\d+/);
  const next = await beginLife(declare, { after: await kill(life) });
  await next.advance(3);
  assert.deepEqual(seen.at(-1), [12_000, 78]);
});
