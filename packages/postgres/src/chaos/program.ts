/**
 * The application that is killed: files and a replaying socket in, a window and sums by key, files, SQLite and
 * PostgreSQL out. Arguments: its directory, the port of the socket, the PostgreSQL server or "".
 */
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type DStream,
  fileSink,
  Milliseconds,
  SparkConf,
  type State,
  StateSpec,
  StreamingContext,
  sqliteSink,
} from "millrace";
import { postgresSink } from "../postgres-sink.ts";
import { batchMs, windowMs } from "./expected-outputs.ts";
import { ReplayReceiver } from "./replay-receiver.ts";

const [directory = "", port = "", postgres = ""] = process.argv.slice(2);
const checkpoint = join(directory, "checkpoint");

const ssc = await StreamingContext.getOrCreate(checkpoint, () => {
  const conf = new SparkConf()
    .setMaster("local[2]")
    .setAppName("chaos")
    .set("spark.log.level", "error")
    .set("spark.streaming.receiver.writeAheadLog.enable", true)
    .set("spark.streaming.receiver.writeAheadLog.rollingIntervalSecs", 1)
    .set("spark.streaming.blockInterval", "20ms");
  const context = new StreamingContext(conf, Milliseconds(batchMs));
  declare(context);
  return context;
});
let lastMs = 0;
ssc.addStreamingListener({
  onBatchCompleted: ({ batchInfo }) => {
    lastMs = Math.max(lastMs, batchInfo.batchTime.milliseconds);
    process.stdout.write(".");
  },
});
await ssc.start();
process.stdout.write("started\n");
await ssc.awaitTermination();
// Whoever reads this finds all of it.
writeFileSync(join(directory, "ended.tmp"), JSON.stringify({ zeroMs: ssc.graph.zeroMs, lastMs }));
renameSync(join(directory, "ended.tmp"), join(directory, "ended"));

function declare(context: StreamingContext): void {
  const files = context.textFileStream(join(directory, "in"));
  const received = context.receiverStream(new ReplayReceiver(Number(port)));
  const pairs = files.union(received).map<string, number>(text => {
    const [key = "", id = ""] = text.split(" ");
    return [key, Number(id)];
  });
  const counts = pairs.mapValues(() => 1).reduceByKey((a, b) => a + b);
  const window = counts.reduceByKeyAndWindow(
    (a, b) => a + b,
    (a, b) => a - b,
    Milliseconds(windowMs),
    Milliseconds(batchMs),
    { filterFunc: ([, n]) => n > 0 },
  );
  const totals = counts.mapWithState(
    StateSpec.function((key: string, n: number | undefined, total: State<number>): [string, number] => {
      total.update((total.getOption() ?? 0) + (n ?? 0));
      return [key, total.get()];
    }).timeout("1h"),
  );
  for (const [name, stream] of Object.entries({ records: pairs, counts, window, totals })) {
    const rows = stamped(stream);
    const columns = ["batch", "key", "value"];
    rows.writeTo(fileSink(join(directory, "files", name), { rollBytes: 20_000, rollInterval: "2s" }));
    rows.writeTo(sqliteSink(join(directory, `${name}.db`), { table: name, columns }));
    if (postgres !== "") rows.writeTo(postgresSink(postgres, { table: name, columns }));
  }
}

function stamped(stream: DStream<[string, number]>): DStream<[number, string, number]> {
  return stream.transform((rdd, time) => {
    const timeMs = time.milliseconds;
    return rdd.map<[number, string, number]>(([key, value]) => [timeMs, key, value]);
  });
}
