/**
 * Counts words from the beginning on: a state per word is carried from batch to batch, and only the words
 * that occur cost anything.
 *
 *     nc -lk 9999
 *     npx millrace run-example StatefulNetworkWordCount localhost 9999
 */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DStream, Seconds, SparkConf, type State, StateSpec, StreamingContext } from "millrace";
import { hostAndPort, runIfMain } from "./command-line.ts";

/** Every word of a batch with how often it has occurred so far; `known` is what the counts begin with. */
export function runningWordCounts(
  lines: DStream<string>,
  known: readonly (readonly [string, number])[] = [],
): DStream<[string, number]> {
  const spec = StateSpec.function((word: string, one: number | undefined, count: State<number>) => {
    const sum = (count.getOption() ?? 0) + (one ?? 0);
    count.update(sum);
    return [word, sum];
  });
  return lines
    .flatMap(line => line.split(" "))
    .map(word => [word, 1])
    .mapWithState(spec.initialState(known));
}

/** Runs the example: `<host> <port>`. */
export async function run(args: readonly string[], conf = new SparkConf()): Promise<void> {
  const [host, port] = hostAndPort(args, "StatefulNetworkWordCount");
  conf.setAppName("StatefulNetworkWordCount").setIfMissing("spark.master", "local[*]");

  const ssc = new StreamingContext(conf, Seconds(1));
  ssc.checkpoint(join(tmpdir(), "stateful-network-word-count"));
  const known: [string, number][] = [
    ["hello", 1],
    ["world", 1],
  ];
  runningWordCounts(ssc.socketTextStream(host, port), known).print();

  await ssc.start();
  await ssc.awaitTermination();
}

await runIfMain(import.meta.filename, run);
