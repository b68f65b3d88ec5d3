import { SparkConf, SparkContext } from "millrace";

const sc = new SparkContext(new SparkConf().setMaster(process.argv[2]!).setAppName("try"));
const t = performance.now();
const step = async (name: string, f: () => Promise<unknown>) => {
  const s = performance.now();
  try {
    console.log(name, JSON.stringify(await f())?.slice(0, 300), (performance.now() - s).toFixed(0) + "ms");
  } catch (e) {
    console.log(name, "ERR", (performance.now() - s).toFixed(0) + "ms", e);
  }
};
const k = 10;
await step("collect", () =>
  sc
    .parallelize([1, 2, 3, 4, 5])
    .map(x => x * k)
    .collect(),
);
await step("wc", () =>
  sc
    .parallelize(["a b", "a c", "b b"])
    .flatMap(l => l.split(" "))
    .map(w => [w, 1])
    .reduceByKey((a, b) => a + b)
    .collect(),
);
await step("count", () =>
  sc
    .range(0, 100000)
    .filter(x => x % 2 === 0)
    .count(),
);
await step("reduce", () => sc.range(0, 1000).reduce((a, b) => a + b));
await step("take", () =>
  sc
    .range(0, 1000, 1, 4)
    .take(300)
    .then(x => x.length),
);
const kept = sc
  .range(0, 100, 1, 3)
  .map(x => [x % 7, x])
  .cache();
await step("kept", () => kept.collect().then(x => x.length));
await step("kept sum", () => kept.reduceByKey((a, b) => a + b).collect());
await step("kept count", () => kept.count());
await step("join", () =>
  kept
    .reduceByKey((a, b) => a + b)
    .join(kept.groupByKey())
    .collect(),
);
await step("union", () => kept.union(sc.parallelize([[1, 1]])).count());
await step("cartesian", () =>
  sc
    .parallelize([1, 2])
    .cartesian(sc.parallelize(["a", "b"]))
    .collect(),
);
await step("coalesce", () => sc.range(0, 10, 1, 5).coalesce(2).glom().collect());
await step("repartition", () => sc.range(0, 10, 1, 2).repartition(5).glom().collect());
await step("distinct", () => sc.parallelize([1, 1, 2]).distinct().collect());
await step("throws", () =>
  sc
    .parallelize([1])
    .map(() => {
      throw new TypeError("boom");
    })
    .collect(),
);
await step("checkpoint", () =>
  kept
    .localCheckpoint()
    .mapValues(v => v + 1)
    .count(),
);
await sc.stop();
console.log("total", (performance.now() - t).toFixed(0));
