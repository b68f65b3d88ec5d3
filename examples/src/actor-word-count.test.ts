import assert from "node:assert/strict";
import { it } from "node:test";
import { Milliseconds, SparkConf, StreamingContext } from "millrace";
import { TextActor } from "./actor-word-count.ts";

it("ActorWordCount: the actor stores the texts it is sent, and one that fails is replaced", async () => {
  const conf = new SparkConf().setMaster("local").setAppName("actor").set("spark.log.level", "off");
  const ssc = new StreamingContext(conf, Milliseconds(20));
  const stored: string[] = [];
  ssc
    .actorStream(() => new TextActor(), "texts")
    .foreachRDD(async rdd => {
      stored.push(...(await rdd.collect()));
      if (stored.length === 2) void ssc.stop();
    });
  const texts = ssc.actorRef<string>("texts");
  for (const text of ["to be", " ", "or not"]) void texts.tell(text);
  await ssc.start();
  await ssc.awaitTermination();
  assert.deepEqual(stored, ["to be", "or not"]);
});
