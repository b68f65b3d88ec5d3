import assert from "node:assert/strict";
import { test } from "node:test";
import type { Logger } from "../../common/log/index.ts";
import { StreamingListenerBus } from "./streaming-listener-bus.ts";

function busWithErrors() {
  const errors: string[] = [];
  const ignore = () => {};
  const log: Logger = { debug: ignore, info: ignore, warn: ignore, error: message => errors.push(message) };
  const bus = new StreamingListenerBus(log);
  bus.start();
  return { bus, errors };
}

const started = (time: number) => ({ kind: "streamingStarted", time }) as const;

test("delivers in order, after the code that posted", async () => {
  const { bus } = busWithErrors();
  const heard: number[] = [];
  bus.add({ onStreamingStarted: ({ time }) => heard.push(time) });
  bus.post(started(1));
  bus.post(started(2));
  assert.deepEqual(heard, []);
  await bus.flush();
  assert.deepEqual(heard, [1, 2]);
});

test("a listener that fails stops nobody else", async () => {
  const { bus, errors } = busWithErrors();
  const heard: number[] = [];
  bus.add({
    onStreamingStarted: () => {
      throw new RangeError("listener");
    },
  });
  bus.add({ onStreamingStarted: async () => Promise.reject(new RangeError("async listener")) });
  bus.add({ onStreamingStarted: ({ time }) => heard.push(time) });
  bus.post(started(1));
  await bus.stop();
  await Promise.resolve();
  assert.deepEqual(heard, [1]);
  assert.equal(errors.length, 2);
});

test("[case 388] a removed listener and a stopped bus hear nothing", async () => {
  const { bus } = busWithErrors();
  const heard: number[] = [];
  const listener = { onStreamingStarted: ({ time }: { time: number }) => heard.push(time) };
  bus.add(listener);
  bus.remove(listener);
  bus.post(started(1));
  bus.add(listener);
  await bus.stop();
  bus.post(started(2));
  await bus.flush();
  assert.deepEqual(heard, []);
});

test("knows when it delivers", async () => {
  const { bus } = busWithErrors();
  const seen: boolean[] = [];
  bus.add({ onStreamingStarted: () => seen.push(bus.isDelivering) });
  bus.post(started(1));
  await bus.flush();
  assert.deepEqual([seen, bus.isDelivering], [[true], false]);
});
