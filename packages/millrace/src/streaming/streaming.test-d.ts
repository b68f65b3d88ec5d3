import {
  type DStream,
  executorLocal,
  type RDD,
  Receiver,
  Seconds,
  type SparkConf,
  type State,
  StateSpec,
  StreamingContext,
  type Time,
} from "millrace";

declare const conf: SparkConf;
const ssc = new StreamingContext(conf, Seconds(1));
new StreamingContext(conf, 1000);
new StreamingContext(conf, "1s");
new StreamingContext("local[2]", "name", Seconds(1));
// error: Argument of type 'boolean' is not assignable
new StreamingContext(conf, true);

// Pairs are inferred, arrays are left alone.
const lines = ssc.socketTextStream("localhost", 9999);
const words: DStream<string> = lines.flatMap(line => line.split(" "));
const pairs: DStream<[string, number]> = words.map(word => [word, 1]);
const lengths: DStream<number> = words.map(word => word.length);
const split: DStream<string[]> = lines.map(line => line.split(" "));
const flat: DStream<[string, number]> = lines.flatMap(line => line.split(" ").map(word => [word, 1]));
const short: DStream<"a" | "b"> = words.filter(word => word === "a" || word === "b");

// Pair operations keep keys and values apart.
const counts: DStream<[string, number]> = pairs.reduceByKey((a, b) => a + b);
const grouped: DStream<[string, number[]]> = pairs.groupByKey();
const texts: DStream<[string, string]> = counts.mapValues(n => n.toFixed(1));
const means: DStream<[string, number]> = pairs
  .combineByKey(
    n => ({ sum: n, count: 1 }),
    (all, n) => ({ sum: all.sum + n, count: all.count + 1 }),
    (a, b) => ({ sum: a.sum + b.sum, count: a.count + b.count }),
  )
  .mapValues(({ sum, count }) => sum / count);
const joined: DStream<[string, [number, string | undefined]]> = counts.leftOuterJoin(texts);
const together: DStream<[string, [number[], string[]]]> = counts.cogroup(texts);

// Pair operations exist on pairs only.
// error: The 'this' context of type 'DStream<string>' is not assignable
words.reduceByKey(a => a);
// error: The 'this' context of type 'DStream<number>' is not assignable
lengths.groupByKey();

// Windows, with and without inverse, with positional arguments and options.
const windows: DStream<[string, number]>[] = [
  pairs.reduceByKeyAndWindow((a, b) => a + b, Seconds(30)),
  pairs.reduceByKeyAndWindow((a, b) => a + b, "30s", "10s", 4),
  pairs.reduceByKeyAndWindow(
    (a, b) => a + b,
    (a, b) => a - b,
    Seconds(30),
    Seconds(10),
  ),
  pairs.reduceByKeyAndWindow(
    (a, b) => a + b,
    (a, b) => a - b,
    30_000,
    10_000,
    4,
    ([, n]) => n > 0,
  ),
  pairs.reduceByKeyAndWindow(
    (a, b) => a + b,
    (a, b) => a - b,
    30_000,
    10_000,
    { filterFunc: ([word]) => word !== "" },
  ),
];
const counted: DStream<number> = words.countByWindow("30s", "10s");
const byValue: DStream<[string, number]> = words.countByValueAndWindow("30s");

// State: the type of counters is that of the values; another one is said where the state is a parameter.
const totals: DStream<[string, number]> = pairs.updateStateByKey((ones, total = 0) => total + ones.length);
const lists: DStream<[string, string[]]> = pairs.updateStateByKey((ones, all: string[] = []) => [
  ...all,
  `${ones}`,
]);
const timed: DStream<[string, number]> = pairs.updateStateByKey(
  (time, key, ones, total = 0) => (key === "" ? undefined : total + ones.length + time.milliseconds),
  { variant: "timed", numPartitions: 2, initial: [["a", 1]] },
);
const iterated: DStream<[string, number]> = pairs.updateStateByKey(
  function* (entries) {
    for (const [key, ones, total = 0] of entries) yield [key, total + ones.length];
  },
  { variant: "iterator", rememberPartitioner: false },
);
const running = pairs.mapWithState(
  StateSpec.function(
    (key, one, state) => {
      state.update((state.getOption() ?? 0) + (one ?? 0));
      return key.toUpperCase();
    },
    {
      timeout: "10s",
      numPartitions: 4,
      initialState: [["a", 1]],
      version: 1,
      migrate: (key, state) => [String(key), Number(state)],
    },
  ),
);
const upper: DStream<string> = running;
const snapshots: DStream<[string, number]> = running.stateSnapshots();
const seen: DStream<[string, Date]> = pairs
  .mapWithState(
    StateSpec.function((time: Time, key: string, _: number | undefined, state: State<Date>) => {
      state.update(new Date(time.milliseconds));
      return key === "" ? undefined : key;
    }),
  )
  .stateSnapshots();
// error: The 'this' context of type 'DStream<string>' is not assignable
words.updateStateByKey(() => 1);
// Asynchronous functions: a function that answers with pairs makes a stream of pairs.
const looked: DStream<number> = words.mapAsync(async word => word.length, { ordered: false });
const answers: DStream<[string, number]> = words
  .mapAsync(async (word, signal) => [word, signal.aborted ? 0 : 1], { concurrency: 4 })
  .reduceByKey((a, b) => a + b);
const atOnce: DStream<string> = words.mapAsync(word => word.toUpperCase());
const sums: DStream<number> = lengths.mapPartitions(async function* (part) {
  for (const n of part) yield n.valueOf();
});
const indexed: DStream<string> = words.mapPartitionsWithIndex((index, part) => [
  `${index} ${[...part].length}`,
]);
const placed: DStream<[string, number]> = pairs.partitionBy(4);
// error: The 'this' context of type 'DStream<string>' is not assignable
words.partitionBy(4);
const computed: RDD<string> | undefined = words.compute(1000);
const pool: () => Promise<{ readonly size: number }> = executorLocal(async () => ({ size: 1 }), {
  close: ({ size }) => size.toFixed(),
});

// Transforms and outputs see typed RDDs.
const distinct: DStream<string> = words.transform(rdd => rdd.distinct());
const mixed: DStream<string | number> = ssc.transform([words, lengths], ([rdd, numbers]) =>
  rdd.map<string | number>(w => w).union(numbers.map<string | number>(n => n)),
);
const merged: DStream<string> = ssc.transform([words, words, words], rdds => ssc.sc.union(rdds));
const zipped: DStream<[string, number]> = words.transformWith(lengths, (rdd, other) => rdd.zip(other));
counts.foreachRDD(async (rdd, time) => {
  for (const [word, n] of await rdd.collect())
    console.log(word.toUpperCase(), n.toFixed(), time.milliseconds);
});

// A migration makes what a checkpoint has, which nobody knows the type of, into what there is now.
const migrated: DStream<[string, number]> = pairs.updateStateByKey((ones, n = 0) => n + ones.length, {
  version: 1,
  migrate: (key, state) => [String(key), Number(state)],
});
const versioned = StateSpec.function(
  (_key: string, _one: number | undefined, state: State<{ n: number }>) => {
    state.update({ n: 1 });
  },
).version(1, (key, n, from) => [String(key), { n: from === 0 ? Number(n) : 0 }]);
// error: Type 'number' is not assignable to type '{ n: number; }'
versioned.version(2, (key, n) => [String(key), Number(n)]);

// Inputs.
const numbers: DStream<number> = ssc.queueStream([[1, 2], [3]]);
const queued: DStream<[string, number]> = ssc.queueStream<[string, number]>([[["a", 1]]]);
class Numbers extends Receiver<number> {
  override onStart() {
    void this.store(1);
    // error: Argument of type 'string' is not assignable to parameter of type 'number'
    void this.store("1");
    // error: The 'this' context of type 'this' is not assignable
    void this.storeLines({ bytes: new Uint8Array(), count: 0 });
  }
  override onStop() {}
}
const received: DStream<number> = ssc.receiverStream(new Numbers());
const both: DStream<number> = ssc.union([numbers, received]);
await ssc.stop({ graceful: true });
await ssc.stop(true, true);
