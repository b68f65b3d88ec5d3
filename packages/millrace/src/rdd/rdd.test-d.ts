import { type PairRDD, type PartialResult, RangePartitioner, type RDD, type StatCounter } from "millrace";

declare const words: RDD<string>;
declare const numbers: RDD<number>;

// Records, keys and values are inferred.
const pairs: RDD<[string, number]> = words.map(word => [word, 1]);
const keyed: RDD<[number, string]> = words.keyBy(word => word.length);
const groups: RDD<[string, string[]]> = words.groupBy(word => word.slice(0, 1));
const indexed: RDD<[string, number]> = words.zipWithIndex();
const lines: RDD<string> = numbers.pipe("sort");
const sorted: RDD<string> = words.sortBy(word => word.length);
const byLength: RDD<[string, number]> = pairs.sortByKey(true, 2, (a, b) => a.length - b.length);
const sums: RDD<[string, { total: number }]> = pairs.aggregateByKey(
  { total: 0 },
  (sum, n) => ({ total: sum.total + n }),
  (a, b) => ({ total: a.total + b.total }),
);
const folded: RDD<[string, number]> = pairs.foldByKey(0, (a, b) => a + b);
const rest: RDD<[string, number]> = pairs.subtractByKey(keyed.map(([n, word]) => [word, n]));
const sampled: RDD<[string, number]> = pairs.sampleByKey(false, new Map([["a", 0.5]]));
const together: RDD<[string, [number[], number[]]]> = pairs.groupWith(pairs);
const zipped: RDD<string | number> = words.zipPartitions(numbers, (a, b) => [...a, ...b]);
const zippedThree: RDD<[string, number, [string, number]]> = words.zipPartitions(
  [numbers, pairs],
  function* (a, [first], third) {
    for (const word of a) for (const pair of third) yield [word, first ?? 0, pair];
  },
);
const wide: PairRDD<string, number> = pairs;

async function actions(): Promise<void> {
  const counts: Map<string, number> = await pairs.countByKey();
  const map: Map<string, number> = await pairs.collectAsMap();
  const found: number[] = await pairs.lookup("a");
  const stats: StatCounter = await numbers.stats();
  const buckets: number[] = await numbers.histogram([0, 1, 2]);
  const [edges, spread]: [number[], number[]] = await numbers.histogram(3);
  const longest: string = await words.max((a, b) => a.length - b.length);
  const estimate: PartialResult<{ readonly mean: number }> = await words.countApprox(100);
  const partitioner: RangePartitioner = await RangePartitioner.create(3, pairs);
  const sum: number = await words.treeAggregate(
    0,
    (total, word) => total + word.length,
    (a, b) => a + b,
  );
  for await (const word of words.toLocalIterator()) word.toUpperCase();
  // error: Argument of type 'number' is not assignable
  await pairs.lookup(1);
}

// Operations on pairs exist on pairs only, those on numbers on numbers only.
// error: The 'this' context of type 'RDD<string>' is not assignable
words.sortByKey();
// error: The 'this' context of type 'RDD<string>' is not assignable
void words.countByKey();
// error: The 'this' context of type 'RDD<string>' is not assignable
void words.mean();
// error: The 'this' context of type 'RDD<[string, number]>' is not assignable
void pairs.histogram(3);
