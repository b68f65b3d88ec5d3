import assert from "node:assert/strict";
import { test } from "node:test";
import { SparkConf } from "../../common/conf/index.ts";
import { createDeterministicPlatform } from "../../common/platform/deterministic/index.ts";
import { StreamingContext } from "../streaming-context.ts";
import { StreamActor } from "./stream-actor.ts";

/** Stores what it is sent, tenfold; throws on negative numbers. */
class Tenfold extends StreamActor<number, number> {
  readonly #trace: string[];
  constructor(trace: string[]) {
    super();
    this.#trace = trace;
  }
  override preStart() {
    this.#trace.push("preStart");
  }
  override async receive(message: number) {
    if (message < 0) throw new RangeError(`negative: ${message}`);
    await this.store(message * 10);
  }
  override postStop() {
    this.#trace.push("postStop");
  }
}

function setUp(maxRestarts = 10) {
  const platform = createDeterministicPlatform({ seed: 1 });
  const conf = new SparkConf().setMaster("local").setAppName("actor").set("spark.log.level", "off");
  const ssc = new StreamingContext(conf, 1000, { platform });
  const trace: string[] = [];
  const seen: number[] = [];
  ssc
    .actorStream<number, number>(() => new Tenfold(trace), "tenfold", undefined, { maxRestarts })
    .foreachRDD(async rdd => {
      seen.push(...(await rdd.collect()));
    });
  ssc.addStreamingListener({
    onReceiverError: ({ receiverInfo }) => trace.push(receiverInfo.lastErrorMessage),
    onReceiverStopped: ({ receiverInfo }) => trace.push(receiverInfo.lastErrorMessage),
  });
  return { platform, ssc, trace, seen, ref: ssc.actorRef<number>("tenfold") };
}

test("messages are handled one by one, those sent before the start too", async () => {
  const { platform, ssc, trace, seen, ref } = setUp();
  void ref.tell(1);
  void ref.tell(2);
  assert.equal(ref.waiting, 2);
  await platform.run(ssc.start());
  await platform.run(ref.tell(3));
  await platform.advance(2000);
  await platform.run(ssc.stop());
  assert.deepEqual(seen, [10, 20, 30]);
  assert.deepEqual(trace, ["preStart", "postStop", "Stopped by driver"]);
});

test("an actor that throws is replaced, and the messages after go on", async () => {
  const { platform, ssc, trace, seen, ref } = setUp();
  await platform.run(ssc.start());
  for (const message of [1, -1, 2]) void ref.tell(message);
  await platform.advance(2000);
  await platform.run(ssc.stop());
  assert.deepEqual(seen, [10, 20]);
  assert.deepEqual(trace.slice(0, 4), [
    "preStart",
    "postStop",
    "preStart",
    "Actor tenfold failed and is replaced",
  ]);
});

test("one that throws too often restarts the receiver, after the delay", async () => {
  const { platform, ssc, trace, seen, ref } = setUp(1);
  await platform.run(ssc.start());
  for (const message of [-1, -2, 7]) void ref.tell(message);
  await platform.advance(1500);
  assert.deepEqual(seen, []);
  assert.equal(trace.at(-1), "Restarting receiver with delay 2000 ms: Actor tenfold failed too often");
  await platform.advance(3000);
  await platform.run(ssc.stop());
  assert.deepEqual(seen, [70]);
});

test("a name is taken once", async () => {
  const { ssc } = setUp();
  assert.throws(() => ssc.actorStream(() => new Tenfold([]), "tenfold"), { code: "MR_BAD_ARGUMENT" });
  await ssc.stop();
});
