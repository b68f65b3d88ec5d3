import assert from "node:assert/strict";
import { test } from "node:test";
import { MillraceError } from "../errors/index.ts";
import { createDeterministicPlatform } from "../platform/deterministic/index.ts";
import { ManualClock, SystemStreamClock } from "./index.ts";

test("waiters of a manual clock come in the order of their times", async () => {
  const clock = new ManualClock(1000);
  const seen: string[] = [];
  for (const [name, at] of [
    ["c", 3000],
    ["a", 1500],
    ["b", 2000],
    ["b2", 2000],
    ["later", 9000],
  ] as const) {
    clock.schedule(at, () => seen.push(`${name}@${clock.now()}`));
  }
  clock.advance(499);
  assert.deepEqual(seen, []);
  clock.advance(1);
  clock.setTime(5000);
  assert.deepEqual(seen, ["a@1500", "b@5000", "b2@5000", "c@5000"]);
});

test("a callback that waits again within the time reached is called in the same move", () => {
  const clock = new ManualClock();
  const ticks: number[] = [];
  const tick = (at: number): void => {
    clock.schedule(at, () => {
      ticks.push(at);
      tick(at + 10);
    });
  };
  tick(10);
  clock.advance(35);
  assert.deepEqual(ticks, [10, 20, 30]);
});

test("what is due at once is called after schedule has returned", async () => {
  const clock = new ManualClock(50);
  const seen: string[] = [];
  clock.schedule(50, () => seen.push("called"));
  clock.schedule(40, () => seen.push("never")).cancel();
  seen.push("returned");
  await Promise.resolve();
  assert.deepEqual(seen, ["returned", "called"]);
});

test("waitTill answers with the time and can be aborted", async () => {
  const clock = new ManualClock();
  const waiting = clock.waitTill(100);
  clock.advance(150);
  assert.equal(await waiting, 150);
  assert.equal(await clock.waitTill(20), 150);

  const controller = new AbortController();
  const aborted = clock.waitTill(1000, controller.signal);
  controller.abort(new RangeError("enough"));
  await assert.rejects(aborted, RangeError);
});

test("a manual clock goes forward or is set, to a finite time", () => {
  const clock = new ManualClock(10);
  const coded = (error: unknown): boolean =>
    error instanceof MillraceError && error.code === "MR_BAD_ARGUMENT";
  assert.throws(() => clock.advance(-1), coded);
  assert.throws(() => clock.advance(Number.NaN), coded);
  assert.throws(() => clock.setTime(Infinity), coded);
  clock.setTime(5);
  assert.equal(clock.now(), 5);
});

test("the system clock calls back when the platform's time has come", async () => {
  const platform = createDeterministicPlatform({ seed: 1, startMs: 500 });
  const clock = new SystemStreamClock(platform);
  const seen: number[] = [];
  clock.schedule(700, () => seen.push(clock.now()));
  clock.schedule(600, () => seen.push(-1)).cancel();
  const waiting = clock.waitTill(800);
  await platform.advance(199);
  assert.deepEqual(seen, []);
  await platform.advance(1);
  assert.deepEqual(seen, [700]);
  await platform.advance(1000);
  assert.equal(await waiting, 800);
});

test("a timer that fires early is waited for again", () => {
  let nowMs = 0;
  const fired: (() => void)[] = [];
  const clock = new SystemStreamClock({
    clock: { now: () => nowMs, monotonic: () => nowMs },
    timers: {
      schedule: (_, callback) => {
        fired.push(callback);
        return { cancel: () => {} };
      },
      sleep: async () => {},
      yieldTurn: async () => {},
    },
  });
  let called = 0;
  clock.schedule(100, () => called++);
  nowMs = 99;
  fired.shift()?.();
  assert.equal(called, 0);
  nowMs = 100;
  fired.shift()?.();
  assert.equal(called, 1);
});
