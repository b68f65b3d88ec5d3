import { SparkConf } from "../../common/conf/index.ts";
import type { DeterministicPlatform } from "../../common/platform/deterministic/index.ts";
import { Milliseconds } from "../../common/time/index.ts";
import { type DStream, fileSink, StateSpec, StreamingContext } from "../../streaming/index.ts";
import type { State } from "../../task/state/key-state.ts";
import type { Scenario } from "./draw.ts";
import { inputStream } from "./inputs.ts";
import type { World } from "./world.ts";

/** The outputs an application may have: each is a directory below `/out`. */
export type OutputName = "records" | "counts" | "window" | "totals" | "sessions";

/** A line of an output: what a stream had at a batch time. */
export type OutputLine = readonly [timeMs: number, key: string, value: number];

/** Declares the application under test: the real API on a simulated platform. */
export function declareApplication(
  scenario: Scenario,
  world: World,
  platform: DeterministicPlatform,
): StreamingContext {
  const { batchMs, partitions, inputs, pipeline } = scenario;
  const conf = new SparkConf()
    .setMaster("local")
    .setAppName("simulation")
    .set("spark.log.level", "off")
    .set("spark.default.parallelism", partitions)
    .set("spark.streaming.concurrentJobs", scenario.concurrentJobs)
    .set("spark.streaming.receiver.writeAheadLog.enable", true)
    .set("spark.streaming.receiver.writeAheadLog.rollingIntervalSecs", 2)
    .set("spark.streaming.blockInterval", "100ms");
  const ssc = new StreamingContext(conf, Milliseconds(batchMs), { platform });
  const records = ssc.union(inputs.map(kind => inputStream(ssc, kind, world)));
  const write = (name: OutputName, stream: DStream<[string, number]>): void => {
    const stamped = stream.transform((rdd, time) => {
      const timeMs = time.milliseconds;
      return rdd.map<OutputLine>(([key, value]) => [timeMs, key, value]);
    });
    stamped.writeTo(fileSink(`/out/${name}`, { rollBytes: scenario.rollBytes }));
  };
  const pairs = records.map<string, number>(text => {
    const [key = "", id = ""] = text.split(" ");
    return [key, Number(id)];
  });
  write("records", pairs);
  const counts = pairs.mapValues(() => 1).reduceByKey((a, b) => a + b);
  write("counts", counts);
  if (pipeline.window !== undefined) {
    const { lengthMs, slideMs, hasInverse } = pipeline.window;
    const sum = (a: number, b: number): number => a + b;
    const windowed = hasInverse
      ? counts.reduceByKeyAndWindow(sum, (a, b) => a - b, Milliseconds(lengthMs), Milliseconds(slideMs), {
          filterFunc: ([, n]) => n > 0,
        })
      : counts.reduceByKeyAndWindow(sum, Milliseconds(lengthMs), Milliseconds(slideMs));
    write("window", windowed);
  }
  if (pipeline.hasTotals) {
    const totals = counts.updateStateByKey((values, total = 0) => values.reduce((a, b) => a + b, total));
    write("totals", saved(totals, scenario));
  }
  if (pipeline.hasSessions) {
    const spec = StateSpec.function(
      (key: string, n: number | undefined, total: State<number>): [string, number] => {
        total.update((total.getOption() ?? 0) + (n ?? 0));
        return [key, total.get()];
      },
    ).timeout("1h");
    write("sessions", saved(counts.mapWithState(spec), scenario));
  }
  return ssc;
}

/** With the checkpoint interval of the scenario, if it has one. */
function saved<T>(stream: DStream<T>, { checkpointMs }: Scenario): DStream<T> {
  return checkpointMs === undefined ? stream : stream.checkpoint(Milliseconds(checkpointMs));
}
