import assert from "node:assert/strict";
import { test } from "node:test";
import type { RDD } from "../rdd/index.ts";
import { manualContext } from "./fixtures/run-batches.ts";
import { Receiver } from "./receiver/receiver.ts";

class Silent extends Receiver<number> {
  override onStart(): void {}
  override onStop(): void {}
}

/** The line of this file on which the caller stands. */
function lineHere(): number {
  return Number(/creation-sites\.test\.ts:(\d+)/.exec(new Error("here").stack?.split("\n")[2] ?? "")?.[1]);
}

test("streams, their RDDs and jobs know where they were written [case 369]", async () => {
  const { ssc, clock } = manualContext();
  const receiving = ssc.receiverStream(new Silent());
  const [file, line] = ["creation-sites.test.ts", lineHere() - 1];
  const { site } = receiving.node;
  assert.deepEqual([site.operator, site.text], ["receiverStream", `${file}:${line}`]);
  const made: { readonly stream: RDD<number>; readonly user: RDD<number> }[] = [];
  const names: string[] = [];
  receiving.foreachRDD(rdd => {
    made.push({ stream: rdd, user: rdd.map<number>(n => n) });
  });
  const outputLine = lineHere() - 3;
  ssc.addStreamingListener({
    onOutputOperationStarted: ({ outputOperationInfo }) => names.push(outputOperationInfo.name),
  });
  await ssc.start();
  clock.advance(1000);
  await ssc.whenIdle();
  await ssc.stop();
  assert.deepEqual(names, [`foreachRDD at ${file}:${outputLine}`]);
  const sites = made.map(({ stream, user }) => [stream.plan.site?.text, user.plan.site?.text]);
  assert.deepEqual(sites, [[`${file}:${line}`, `${file}:${outputLine + 1}`]]);
});

test("an action that fails in a batch is named with the innermost line that waits for it", async () => {
  const { ssc, clock } = manualContext();
  const errors: string[] = [];
  const actions: ((rdd: RDD<number>) => Promise<unknown>)[] = [
    async rdd => void (await rdd.first()),
    rdd => rdd.first(),
    async rdd => Promise.all([rdd.count(), rdd.first()]),
  ];
  const firstLine = lineHere() - 4;
  const stream = ssc.queueStream<number>([]);
  for (const action of actions) {
    stream.foreachRDD(async rdd => {
      try {
        await action(rdd);
      } catch (error) {
        errors.push(String(error));
      }
    });
  }
  const waitingLine = lineHere() - 6;
  await ssc.start();
  clock.advance(1000);
  await ssc.whenIdle();
  await ssc.stop();
  const lines = errors.map(message => Number(/first at creation-sites\.test\.ts:(\d+)/.exec(message)?.[1]));
  assert.deepEqual(lines, [firstLine, waitingLine, waitingLine]);
});
