import assert from "node:assert/strict";
import { test } from "node:test";
import type { State } from "../../task/state/key-state.ts";
import type { DStream } from "../dstream/dstream.ts";
import { StateSpec } from "../dstream/state-spec.ts";
import { beginLife, type Life } from "../fixtures/lives.ts";
import { batchesStream } from "../fixtures/run-batches.ts";

type Seen = [timeMs: number, ...records: unknown[]];

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
    last = await beginLife(ssc => collectTo(seen, build(batchesStream(ssc, letters))), { after: last });
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
  [
    "state by key",
    letters =>
      letters
        .map(l => [l, 1])
        .updateStateByKey((values, state: number = 0) => state + values.length)
        .checkpoint(2000),
  ],
  [
    "mapped state with a time-out",
    letters =>
      letters
        .map(l => [l, 1])
        .mapWithState(
          StateSpec.function((key: string, value: number | undefined, state: State<number>) => {
            if (state.isTimingOut()) return `${key} is gone`;
            state.update((state.getOption() ?? 0) + (value ?? 0));
            return `${key} ${state.get()}`;
          }).timeout(2000),
        )
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
