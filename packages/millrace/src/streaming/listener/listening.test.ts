import assert from "node:assert/strict";
import { test } from "node:test";
import { manualContext } from "../fixtures/run-batches.ts";
import { Receiver } from "../receiver/receiver.ts";
import type { StreamingEvent, StreamingListener } from "../scheduler/streaming-listener.ts";
import type { StreamingContext } from "../streaming-context.ts";

/** Writes down every event it is told. */
function recorder() {
  const events: StreamingEvent[] = [];
  const names = [
    "streamingStarted",
    "receiverStarted",
    "receiverError",
    "receiverStopped",
    "batchSubmitted",
    "batchStarted",
    "batchCompleted",
    "outputOperationStarted",
    "outputOperationCompleted",
  ] as const;
  const listener = Object.fromEntries(
    names.map(name => [
      `on${name[0]?.toUpperCase()}${name.slice(1)}`,
      (event: StreamingEvent) => events.push(event),
    ]),
  ) as StreamingListener;
  return { events, listener };
}

/** Three records a batch, and says so. */
function countedInput(ssc: StreamingContext) {
  return ssc.inputStream("counted", (_, report) => ({
    title: "Counted",
    compute: timeMs => {
      report(timeMs, 3, { Description: "three", at: timeMs });
      return ssc.sc.parallelize([1, 2, 3]);
    },
  }));
}

test("every event of a batch comes in order, with all that is known by then", async () => {
  const { ssc, clock } = manualContext();
  const { events, listener } = recorder();
  ssc.addStreamingListener(listener);
  const stream = countedInput(ssc);
  stream.foreachRDD(async rdd => {
    clock.advance(10);
    await rdd.count();
  });
  stream.foreachRDD(() => {
    throw new RangeError("This is a failed job");
  });
  await ssc.start();
  clock.advance(1000);
  await ssc.whenIdle();
  await assert.rejects(ssc.awaitTermination(), /This is a failed job/);
  await ssc.stop();
  assert.deepEqual(
    events.map(event =>
      "outputOperationInfo" in event ? `${event.kind} ${event.outputOperationInfo.id}` : event.kind,
    ),
    [
      "streamingStarted",
      "batchSubmitted",
      "batchStarted",
      "outputOperationStarted 0",
      "outputOperationCompleted 0",
      "outputOperationStarted 1",
      "outputOperationCompleted 1",
      "batchCompleted",
    ],
  );
  const [, submitted, , opened, closed] = events;
  assert.ok(submitted?.kind === "batchSubmitted");
  const { batchInfo: waiting } = submitted;
  assert.deepEqual(
    [waiting.submissionTime, waiting.processingStartTime, waiting.schedulingDelay, waiting.totalDelay],
    [1000, undefined, undefined, undefined],
  );
  assert.ok(opened?.kind === "outputOperationStarted" && closed?.kind === "outputOperationCompleted");
  assert.equal(opened.outputOperationInfo.duration, undefined);
  const operation = closed.outputOperationInfo;
  assert.match(operation.name, /^foreachRDD at listening\.test\.ts:\d+$/);
  assert.match(operation.description, /^foreachRDD at .*\/listener\/listening\.test\.ts:\d+$/);
  assert.deepEqual(
    [operation.batchTime.milliseconds, operation.startTime, operation.endTime, operation.duration],
    [1000, 1000, 1010, 10],
  );
  const done = events.at(-1);
  assert.ok(done?.kind === "batchCompleted");
  const { batchInfo } = done;
  assert.deepEqual(
    [batchInfo.batchTime.milliseconds, batchInfo.numRecords, batchInfo.processingEndTime],
    [1000, 3, 1010],
  );
  assert.deepEqual([batchInfo.schedulingDelay, batchInfo.processingDelay, batchInfo.totalDelay], [0, 10, 10]);
  assert.deepEqual(batchInfo.streamIdToInputInfo.get(0), {
    inputStreamId: 0,
    numRecords: 3,
    metadata: { Description: "three", at: 1000 },
    metadataDescription: "three",
  });
});

test("[case 386] a failed job is in the batch that completed, and is thrown to whoever waits", async () => {
  const { ssc, clock } = manualContext();
  const reasons: (string | undefined)[] = [];
  ssc.addStreamingListener({
    onBatchCompleted: ({ batchInfo }) => {
      for (const { failureReason } of batchInfo.outputOperationInfos.values()) reasons.push(failureReason);
    },
  });
  countedInput(ssc).foreachRDD(() => {
    throw new RangeError("This is a failed job");
  });
  await ssc.start();
  clock.advance(1000);
  await ssc.whenIdle();
  await assert.rejects(ssc.awaitTermination(), /This is a failed job/);
  await ssc.stop();
  assert.equal(reasons.length, 1);
  assert.match(reasons[0] ?? "", /This is a failed job/);
});

test("[case 384] stop is refused inside a listener and works after it", async () => {
  const { ssc, clock } = manualContext();
  let refused: Promise<void> | undefined;
  ssc.addStreamingListener({
    onBatchCompleted: () => {
      refused = ssc.stop();
      refused.catch(() => {});
    },
  });
  countedInput(ssc).foreachRDD(() => {});
  await ssc.start();
  clock.advance(1000);
  await ssc.whenIdle();
  await Promise.resolve();
  await assert.rejects(refused ?? Promise.resolve(), {
    code: "MR_STREAMING_IN_LISTENER",
    message: /Cannot stop StreamingContext within listener bus thread/,
  });
  await ssc.stop();
  assert.equal(ssc.getState(), "STOPPED");
});

class Hiccup extends Receiver<number> {
  override onStart() {
    this.reportError("hiccup", new RangeError("the reason"));
    this.stop("enough", new RangeError("the end"));
  }
  override onStop() {}
}

test("what happens to receivers is told with name, place and last error", async () => {
  const { ssc, clock } = manualContext();
  const { events, listener } = recorder();
  ssc.addStreamingListener(listener);
  ssc.receiverStream(new Hiccup()).foreachRDD(() => {});
  clock.advance(500);
  await ssc.start();
  await new Promise(resolve => setImmediate(resolve));
  await ssc.stop();
  const told = events.flatMap(event =>
    "receiverInfo" in event ? [[event.kind, event.receiverInfo] as const] : [],
  );
  assert.deepEqual(
    told.map(([kind, { name, active, location, executorId, lastErrorMessage, lastErrorTime }]) => [
      kind,
      name,
      active,
      location,
      executorId,
      lastErrorMessage,
      lastErrorTime,
    ]),
    [
      ["receiverStarted", "Hiccup-0", true, "simulated", "driver", "", -1],
      ["receiverError", "Hiccup-0", true, "simulated", "driver", "hiccup", -1],
      ["receiverStopped", "Hiccup-0", false, "simulated", "driver", "enough", 500],
    ],
  );
  assert.match(told[1]?.[1].lastError ?? "", /RangeError: the reason\n\s+at /);
});

test("[case 355] who shows progress hears of it from the start on, until removed or until the context stops", async () => {
  const { ssc, clock } = manualContext();
  const [stays, goes] = [recorder(), recorder()];
  for (const { listener } of [stays, goes]) ssc.addStreamingListener(listener);
  countedInput(ssc).foreachRDD(() => {});
  await ssc.start();
  assert.deepEqual(kinds(stays), ["streamingStarted"]);
  ssc.removeStreamingListener(goes.listener);
  clock.advance(1000);
  await ssc.whenIdle();
  await ssc.stop();
  assert.deepEqual(kinds(goes), ["streamingStarted"]);
  assert.equal(kinds(stays).at(-1), "batchCompleted");
  const heard = stays.events.length;
  clock.advance(5000);
  await ssc.whenIdle();
  assert.equal(stays.events.length, heard);
});

const kinds = ({ events }: { readonly events: readonly StreamingEvent[] }) => events.map(({ kind }) => kind);
