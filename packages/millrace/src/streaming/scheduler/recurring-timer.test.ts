import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../../common/clock/index.ts";
import { RecurringTimer } from "./recurring-timer.ts";

function start(clock: ManualClock, periodMs: number, startMs?: number) {
  const ticks: number[] = [];
  const timer = new RecurringTimer(clock, periodMs, timeMs => ticks.push(timeMs));
  timer.start(startMs);
  return { timer, ticks };
}

test("ticks at multiples of the period, strictly after now", () => {
  const clock = new ManualClock(200);
  const { ticks } = start(clock, 100);
  assert.deepEqual(ticks, []);
  clock.advance(99);
  assert.deepEqual(ticks, []);
  clock.advance(1);
  clock.advance(100);
  assert.deepEqual(ticks, [300, 400]);
});

test("a stall skips no period", () => {
  const clock = new ManualClock();
  const { ticks } = start(clock, 100);
  clock.advance(450);
  assert.deepEqual(ticks, [100, 200, 300, 400]);
});

test("a graceful stop lets the tick waited for and one more come", async () => {
  const clock = new ManualClock();
  const { timer, ticks } = start(clock, 100, 0);
  await Promise.resolve();
  assert.deepEqual(ticks, [0]);
  const stopped = timer.stop(false);
  clock.advance(1000);
  assert.equal(await stopped, 200);
  assert.deepEqual(ticks, [0, 100, 200]);
});

test("an interrupting stop lets none come", async () => {
  const clock = new ManualClock();
  const { timer, ticks } = start(clock, 100);
  clock.advance(100);
  assert.equal(await timer.stop(true), 100);
  clock.advance(1000);
  assert.deepEqual(ticks, [100]);
});

test("one that never ticked answers -1", async () => {
  const { timer } = start(new ManualClock(), 100);
  assert.equal(await timer.stop(true), -1);
});

test("may be stopped by its own tick", () => {
  const clock = new ManualClock();
  const ticks: number[] = [];
  const timer = new RecurringTimer(clock, 100, timeMs => {
    ticks.push(timeMs);
    void timer.stop(true);
  });
  timer.start();
  clock.advance(1000);
  assert.deepEqual(ticks, [100]);
});
