import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../../common/clock/index.ts";
import type { Logger } from "../../common/log/index.ts";
import { createDeterministicPlatform } from "../../common/platform/deterministic/index.ts";
import type { StreamingEvent } from "../scheduler/streaming-listener.ts";
import { BlockMemory } from "./block-memory.ts";
import { LocalBlockStore } from "./local-block-store.ts";
import { Receiver } from "./receiver.ts";
import { ReceiverTracker } from "./receiver-tracker.ts";

const ignore = () => {};
const quiet: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
const settings = {
  blockIntervalMs: 100,
  blockQueueSize: 10,
  restartDelayMs: 2000,
  maxRate: undefined,
  initialRate: undefined,
};

class Source extends Receiver<string> {
  starts = 0;
  stopping: Promise<void> | undefined;
  override onStart() {
    this.starts += 1;
  }
  override onStop() {
    return this.stopping;
  }
}

function setUp() {
  const clock = new ManualClock();
  const platform = createDeterministicPlatform({ seed: 1 });
  const receiver = new Source();
  const events: StreamingEvent[] = [];
  const tracker = new ReceiverTracker({
    inputs: [{ streamId: 0, receiver }],
    clock,
    timers: platform.timers,
    hostname: "here",
    batchMs: 1000,
    maxWaitingBytes: 16 * 2 ** 20,
    settings,
    store: new LocalBlockStore({
      files: platform.files,
      directory: "/blocks",
      memory: new BlockMemory(2 ** 30, false),
    }),
    log: quiet,
    post: event => events.push(event),
  });
  return { clock, platform, receiver, events, tracker };
}

const settled = () => new Promise(resolve => setImmediate(resolve));

test("blocks go to the batch after them", () => {
  const { clock, receiver, tracker } = setUp();
  tracker.start();
  void receiver.store("a");
  clock.advance(100);
  assert.equal(tracker.hasUnallocatedBlocks, true);
  tracker.allocateBlocksTo(1000);
  assert.equal(tracker.hasUnallocatedBlocks, false);
  assert.deepEqual(
    tracker.blocksOf(1000, 0).map(({ block }) => block),
    [{ kind: "values", values: ["a"] }],
  );
  assert.deepEqual(tracker.blocksOf(2000, 0), []);
});

test("what has arrived by the time of a batch is in it, although its block interval has not ended", () => {
  const { clock, receiver, tracker } = setUp();
  tracker.start();
  clock.advance(50);
  void receiver.store("a");
  tracker.allocateBlocksTo(50);
  void receiver.store("b");
  clock.advance(50);
  tracker.allocateBlocksTo(100);
  assert.deepEqual(
    [50, 100].map(timeMs => tracker.blocksOf(timeMs, 0).map(({ block }) => block)),
    [[{ kind: "values", values: ["a"] }], [{ kind: "values", values: ["b"] }]],
  );
});

test("a receiver that stops itself is started again, until the tracker stops", async () => {
  const { clock, receiver, tracker } = setUp();
  tracker.start();
  receiver.stop("enough");
  await settled();
  assert.equal(receiver.starts, 1);
  clock.advance(2000);
  assert.equal(receiver.starts, 2);
  receiver.stop("enough");
  await tracker.stop();
  clock.advance(5000);
  assert.equal(receiver.starts, 2);
});

test("events tell what happens to a receiver", async () => {
  const { clock, receiver, events, tracker } = setUp();
  tracker.start();
  clock.advance(50);
  receiver.reportError("hiccup", new RangeError("e1"));
  receiver.restart("again", new RangeError("e2"));
  await settled();
  const told = events.map(event => {
    if (
      event.kind !== "receiverStarted" &&
      event.kind !== "receiverError" &&
      event.kind !== "receiverStopped"
    )
      return [];
    const { name, active, location, lastErrorMessage, lastErrorTime } = event.receiverInfo;
    return [event.kind, name, active, location, lastErrorMessage, lastErrorTime];
  });
  assert.deepEqual(told, [
    ["receiverStarted", "Source-0", true, "here", "", -1],
    ["receiverError", "Source-0", true, "here", "hiccup", -1],
    ["receiverStopped", "Source-0", false, "here", "Restarting receiver with delay 2000 ms: again", 50],
  ]);
  await tracker.stop();
});

test("receivers wait while processing lags, and go on when it has caught up", async () => {
  const { clock, receiver, tracker } = setUp();
  tracker.start();
  const lines = { bytes: new Uint8Array(5 * 2 ** 20), count: 1 };
  for (let batch = 1; batch <= 4; batch++) {
    assert.equal(receiver.whenReady(), undefined);
    void receiver.storeLines(lines);
    clock.advance(100);
    tracker.allocateBlocksTo(batch);
    clock.advance(0);
  }
  const ready = receiver.whenReady();
  assert.ok(ready !== undefined);
  tracker.batchCompleted(1);
  await ready;
  assert.equal(receiver.whenReady(), undefined);
});

test("[case 352] a receiver that hangs in onStop keeps neither a restart nor the stop waiting for ever", async () => {
  const { clock, platform, receiver, events, tracker } = setUp();
  receiver.stopping = new Promise(() => {});
  tracker.start();
  void receiver.store("kept");
  receiver.restart("again", undefined, 0);
  await platform.advance(10_000);
  await settled();
  clock.advance(0);
  await settled();
  assert.equal(receiver.starts, 2);
  const stopped = tracker.stop();
  await platform.advance(10_000);
  await stopped;
  assert.deepEqual(
    events.map(({ kind }) => kind),
    ["receiverStarted", "receiverStopped", "receiverStarted", "receiverStopped"],
  );
  assert.equal(tracker.hasUnallocatedBlocks, true);
});

test("[case 453] a new rate reaches every generator of a receiver, and the receiver that is started again", async () => {
  const { clock, receiver, tracker } = setUp();
  tracker.start();
  tracker.updateRate(0, 100);
  receiver.stop("enough");
  await settled();
  clock.advance(2000);
  assert.deepEqual(tracker.rateLimits(0), [100]);
  await tracker.stop();
  await tracker.stop();
});
