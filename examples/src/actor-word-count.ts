/**
 * Counts the words that an actor stores in a stream. The actor has a mailbox: whoever knows its name sends it
 * messages, here a feeder that invents some words every tenth of a second.
 *
 *     npx millrace run-example ActorWordCount
 */
import { setTimeout as sleep } from "node:timers/promises";
import { type ActorRef, Seconds, SparkConf, StreamActor, StreamingContext } from "millrace";
import { runIfMain, UsageError } from "./command-line.ts";
import { wordCounts } from "./network-word-count.ts";

const vocabulary = ["may", "the", "force", "be", "with", "you"];

/** Stores the text of each message. A message without words makes it fail: another one takes its place. */
export class TextActor extends StreamActor<string, string> {
  override async receive(text: string): Promise<void> {
    if (text.trim() === "") throw new RangeError("A text without words");
    await this.store(text);
  }
}

/** Sends invented texts, one after the other, until the signal is aborted. */
async function feed(actor: ActorRef<string>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const words = Array.from({ length: 3 }, () => vocabulary[Math.floor(Math.random() * vocabulary.length)]);
    // Not faster than the actor takes them.
    await Promise.race([actor.tell(words.join(" ")), aborted(signal)]);
    await sleep(100, undefined, { signal }).catch(() => {});
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => signal.addEventListener("abort", () => resolve(), { once: true }));
}

/** Runs the example; it takes no arguments. */
export async function run(args: readonly string[], conf = new SparkConf()): Promise<void> {
  if (args.length > 0) throw new UsageError("Usage: ActorWordCount");
  conf.setAppName("ActorWordCount").setIfMissing("spark.master", "local[*]");

  const ssc = new StreamingContext(conf, Seconds(2));
  wordCounts(ssc.actorStream(() => new TextActor(), "texts")).print();

  await ssc.start();
  const feeding = new AbortController();
  void feed(ssc.actorRef<string>("texts"), feeding.signal);
  try {
    await ssc.awaitTermination();
  } finally {
    feeding.abort();
  }
}

await runIfMain(import.meta.filename, run);
