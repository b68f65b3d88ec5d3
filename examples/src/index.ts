import type { SparkConf } from "millrace";

export { UsageError } from "./command-line.ts";

/** What the module of an example exports. */
export interface ExampleModule {
  /** Runs the example until it is done or the context is stopped. Throws a `UsageError` for bad arguments. */
  run(args: readonly string[], conf?: SparkConf): Promise<void>;
}

/** An example that can be run by its name. */
export interface Example {
  readonly name: string;
  /** The arguments it takes. */
  readonly usage: string;
  /** One line. */
  readonly description: string;
  load(): Promise<ExampleModule>;
}

/** Every example, in the order a newcomer would read them. */
export const examples: readonly Example[] = [
  {
    name: "NetworkWordCount",
    usage: "<host> <port>",
    description: "counts the words of text lines from a TCP server, every second",
    load: () => import("./network-word-count.ts"),
  },
  {
    name: "WindowedNetworkWordCount",
    usage: "<host> <port>",
    description: "the same over the last 30 seconds, every 10 seconds",
    load: () => import("./windowed-network-word-count.ts"),
  },
  {
    name: "StatefulNetworkWordCount",
    usage: "<host> <port>",
    description: "counts words from the beginning on, in a state per word",
    load: () => import("./stateful-network-word-count.ts"),
  },
  {
    name: "QueueStream",
    usage: "",
    description: "turns RDDs pushed into a queue into a stream",
    load: () => import("./queue-stream.ts"),
  },
  {
    name: "HdfsWordCount",
    usage: "<directory>",
    description: "counts the words of text files as they appear in a directory",
    load: () => import("./hdfs-word-count.ts"),
  },
  {
    name: "CustomReceiver",
    usage: "<host> <port>",
    description: "counts words that a receiver of its own reads from a socket",
    load: () => import("./custom-receiver.ts"),
  },
  {
    name: "ActorWordCount",
    usage: "",
    description: "counts words that an actor is sent and stores in a stream",
    load: () => import("./actor-word-count.ts"),
  },
  {
    name: "NetworkWordJoinSentiments",
    usage: "<host> <port>",
    description: "joins word counts with a list of words and how glad they sound",
    load: () => import("./network-word-join-sentiments.ts"),
  },
  {
    name: "PopularTags",
    usage: "<host> <port>",
    description: "the most frequent hash tags of the last minute and the last ten seconds",
    load: () => import("./popular-tags.ts"),
  },
  {
    name: "SpamFilter",
    usage: "<host> <port> <file>",
    description: "drops the messages of senders on a list, which may change meanwhile",
    load: () => import("./spam-filter.ts"),
  },
  {
    name: "AdClicks",
    usage: "<host> <port> <port>",
    description: "joins two windows: advertisements that were shown, and clicks on them",
    load: () => import("./ad-clicks.ts"),
  },
  {
    name: "WordCountDatabase",
    usage: "<host> <port> <file>",
    description: "writes word counts to SQLite, over one connection per executor",
    load: () => import("./word-count-database.ts"),
  },
  {
    name: "RawTextSender",
    usage: "<port> <file> <blockSize> <bytesPerSec>",
    description: "sends the lines of a file for ever, as fast as asked",
    load: () => import("./raw-text-sender.ts"),
  },
  {
    name: "RawNetworkGrep",
    usage: "<numStreams> <host> <port> <batchMillis>",
    description: "counts the lines with a word in them from several such senders",
    load: () => import("./raw-network-grep.ts"),
  },
  {
    name: "PageViewGenerator",
    usage: "<port> <viewsPerSecond>",
    description: "serves invented page views of a web shop",
    load: () => import("./page-view-generator.ts"),
  },
  {
    name: "PageViewStream",
    usage: "<metric> <host> <port>",
    description: "looks at them in one of five ways",
    load: () => import("./page-view-stream.ts"),
  },
  {
    name: "RecoverableNetworkWordCount",
    usage: "<host> <port> <checkpoint directory> <output file>",
    description: "counts words and goes on where it stopped when it is killed and started again",
    load: () => import("./recoverable-network-word-count.ts"),
  },
];
