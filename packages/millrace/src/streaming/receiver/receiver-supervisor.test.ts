import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../../common/clock/index.ts";
import type { Logger } from "../../common/log/index.ts";
import { createDeterministicPlatform } from "../../common/platform/deterministic/index.ts";
import { StorageLevel } from "../../plan/index.ts";
import type { NewBlock } from "./received-block.ts";
import { Receiver } from "./receiver.ts";
import { ReceiverSupervisor } from "./receiver-supervisor.ts";

const settings = {
  blockIntervalMs: 100,
  blockQueueSize: 10,
  restartDelayMs: 2000,
  maxRate: undefined,
  initialRate: undefined,
};

class Recorder extends Receiver<number> {
  readonly trace: string[] = [];
  onStartError: Error | undefined;
  override onStart() {
    this.trace.push("onStart");
    if (this.onStartError !== undefined) throw this.onStartError;
  }
  override onStop() {
    this.trace.push("onStop");
  }
}

function setUp(accepts = true) {
  const clock = new ManualClock();
  const receiver = new Recorder();
  const warnings: string[] = [];
  const ignore = () => {};
  const log: Logger = { debug: ignore, info: ignore, warn: message => warnings.push(message), error: ignore };
  const blocks: NewBlock[] = [];
  const { trace } = receiver;
  const { timers } = createDeterministicPlatform({ seed: 1 });
  const home = {
    register: () => {
      trace.push("register");
      return accepts;
    },
    deregister: (_: number, message: string) => trace.push(`deregister: ${message}`),
    reportError: (_: number, message: string) => trace.push(`error: ${message}`),
    addBlock: (block: NewBlock) => {
      blocks.push(block);
    },
  };
  const supervisor = new ReceiverSupervisor(7, receiver, home, { clock, timers }, settings, log);
  return { clock, receiver, trace, warnings, blocks, supervisor };
}

const settled = () => new Promise(resolve => setImmediate(resolve));

test("[case 419] the life of a receiver", async () => {
  const { clock, receiver, trace, blocks, supervisor } = setUp();
  supervisor.start();
  assert.deepEqual([receiver.isStarted(), receiver.isStopped(), receiver.streamId], [true, false, 7]);
  void receiver.store(1);
  await receiver.storeBytes(new Uint8Array([1]));
  await receiver.storeBlock([2, 3]);
  await receiver.storeBlock(new Set([4]).values());
  assert.deepEqual(
    blocks.map(({ block }) => block),
    [
      { kind: "encoded", bytes: new Uint8Array([1]) },
      { kind: "values", values: [2, 3] },
      { kind: "values", values: [4] },
    ],
  );
  clock.advance(100);
  assert.deepEqual(blocks.at(-1)?.block, { kind: "values", values: [1] });
  receiver.reportError("Error", new RangeError("e"));
  receiver.restart("restarting", undefined, 100);
  receiver.restart("restarting again", undefined, 100);
  await settled();
  assert.equal(receiver.isStopped(), true);
  clock.advance(99);
  assert.equal(receiver.isStarted(), false);
  clock.advance(1);
  assert.equal(receiver.isStarted(), true);
  receiver.stop("test");
  await supervisor.ended;
  assert.equal(receiver.isStopped(), true);
  assert.deepEqual(trace, [
    "register",
    "onStart",
    "error: Error",
    "onStop",
    "deregister: Restarting receiver with delay 100 ms: restarting",
    "register",
    "onStart",
    "onStop",
    "deregister: test",
  ]);
});

test("records become a block per interval, many at once a block of their own", async () => {
  const { clock, receiver, blocks, supervisor } = setUp();
  supervisor.start();
  void receiver.store(1);
  void receiver.store(2);
  await receiver.storeBlock(new Set([3, 4]), { offset: 4 });
  clock.advance(100);
  const common = { streamId: 7, numRecords: 2, storageLevel: StorageLevel.MEMORY_AND_DISK_SER_2 };
  assert.deepEqual(blocks, [
    { ...common, id: "input-7-1", block: { kind: "values", values: [3, 4] }, metadata: { offset: 4 } },
    { ...common, id: "input-7-100", block: { kind: "values", values: [1, 2] }, metadata: undefined },
  ]);
});

test("what was stored survives the stop", async () => {
  const { receiver, blocks, supervisor } = setUp();
  supervisor.start();
  void receiver.store(1);
  await supervisor.stop("Stopped by driver");
  assert.deepEqual(
    blocks.map(({ numRecords }) => numRecords),
    [1],
  );
  assert.throws(() => receiver.store(2), { code: "MR_RECEIVER" });
});

test("a start that fails stops the receiver with the reason", async () => {
  const { receiver, trace, warnings, supervisor } = setUp();
  receiver.onStartError = new RangeError("no luck");
  supervisor.start();
  await supervisor.ended;
  assert.deepEqual(trace, ["register", "onStart", "onStop", "deregister: Error starting receiver 7"]);
  assert.deepEqual(warnings, ["Error starting receiver 7"]);
});

test("a receiver that is refused never starts", async () => {
  const { trace, supervisor } = setUp(false);
  supervisor.start();
  await supervisor.ended;
  assert.deepEqual(trace, ["register"]);
});

test("a stop cancels a restart that waits", async () => {
  const { clock, receiver, trace, warnings, supervisor } = setUp();
  supervisor.start();
  receiver.restart("Error connecting to localhost:9999", new RangeError("refused"));
  await settled();
  await supervisor.stop("Stopped by driver");
  clock.advance(5000);
  assert.deepEqual(
    trace.filter(step => step === "onStart"),
    ["onStart"],
  );
  assert.deepEqual(warnings, ["Restarting receiver with delay 2000 ms: Error connecting to localhost:9999"]);
});

test("calls before the start say so", () => {
  const receiver = new Recorder();
  for (const call of [
    () => receiver.store(1),
    () => receiver.isStarted(),
    () => receiver.streamId,
    () => receiver.restart("x"),
  ]) {
    assert.throws(call, { code: "MR_RECEIVER", message: /A ReceiverSupervisor has not been attached/ });
  }
});

test("[case 453] a new rate reaches the receiver's own generator and one made beside it", async () => {
  const { clock, blocks, supervisor } = setUp();
  const pushed: unknown[] = [];
  const custom = supervisor.createBlockGenerator((block, metadata) => {
    pushed.push(block, metadata);
  });
  assert.deepEqual(supervisor.rateLimits, [Infinity, Infinity]);
  supervisor.updateRate(100);
  assert.deepEqual(supervisor.rateLimits, [100, 100]);
  custom.start();
  void custom.addValues(["a", "b"], { offset: 2 });
  clock.advance(100);
  assert.deepEqual(pushed, [{ kind: "values", values: ["a", "b"] }, [{ offset: 2 }]]);
  assert.deepEqual(blocks, []);
  await supervisor.stop("test");
  assert.equal(custom.isStopped, true);
});
