import assert from "node:assert/strict";
import { test } from "node:test";
import { EventLoop } from "./event-loop.ts";

test("an event posted while another is handled waits for its end", () => {
  const trace: string[] = [];
  const loop = new EventLoop<number>(event => {
    trace.push(`begin ${event}`);
    if (event === 1) loop.post(2);
    trace.push(`end ${event}`);
  });
  loop.post(1);
  assert.deepEqual(trace, ["begin 1", "end 1", "begin 2", "end 2"]);
});

test("a stopped loop takes nothing more", () => {
  const handled: number[] = [];
  const loop = new EventLoop<number>(event => handled.push(event));
  loop.post(1);
  loop.stop();
  loop.post(2);
  assert.deepEqual(handled, [1]);
});

test("what waited behind an event that failed comes before what is posted later", () => {
  const handled: number[] = [];
  const loop = new EventLoop<number>(event => {
    if (event === 1) {
      loop.post(2);
      throw new RangeError("one");
    }
    handled.push(event);
  });
  assert.throws(() => loop.post(1), RangeError);
  loop.post(3);
  assert.deepEqual(handled, [2, 3]);
});

test("goes on after an event that failed", () => {
  const handled: number[] = [];
  const loop = new EventLoop<number>(event => {
    if (event === 1) throw new RangeError("one");
    handled.push(event);
  });
  assert.throws(() => loop.post(1), RangeError);
  loop.post(2);
  assert.deepEqual(handled, [2]);
});
