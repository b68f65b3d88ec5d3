import { Milliseconds, SparkConf, StreamingContext } from "millrace";

// Counts keys in a window of an hour and says how many it knows: `node recovery-program.ts <directory> <keys>`.
const [directory = "checkpoint", keys = "10000"] = process.argv.slice(2);
const numKeys = Number(keys);

const create = () => {
  const ssc = new StreamingContext(
    new SparkConf().setMaster("local").setAppName("recovery"),
    Milliseconds(100),
  );
  // Every key in the first batch, and one in each that follows.
  const batches = ssc.inputStream("keys", () => ({
    title: "Keys",
    compute: timeMs =>
      ssc.sc.parallelize(
        timeMs === (ssc.graph.zeroMs ?? 0) + 100
          ? Array.from({ length: numKeys }, (_, i) => `key-${i}`)
          : ["key-0"],
        2,
      ),
  }));
  batches
    .map(key => [key, 1])
    .reduceByKeyAndWindow(
      (a, b) => a + b,
      (a, b) => a - b,
      Milliseconds(3_600_000),
      Milliseconds(100),
    )
    .checkpoint(Milliseconds(500))
    .foreachRDD(async (rdd, time) => {
      const found = await rdd.count();
      const batch = (time.milliseconds - (ssc.graph.zeroMs ?? 0)) / 100;
      console.log(`${found === numKeys ? "all" : "not all"} keys known in batch ${batch}`);
      if (batch === 20) console.log("enough");
    });
  return ssc;
};

const ssc = await StreamingContext.getOrCreate(directory, create);
await ssc.start();
await ssc.awaitTermination();
