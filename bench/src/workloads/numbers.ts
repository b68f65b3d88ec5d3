import type { SparkContext } from "millrace";
import { countLoop, joinLoop, reduceByKeyLoop, sortLoop } from "../floors/numbers.ts";
import { measureRepeatedly } from "../harness/measure-repeatedly.ts";
import type { Contender, Settings, Workload } from "../harness/workload.ts";
import { sparkContender } from "../spark/spark-contender.ts";

/** Scatters the numbers of a range; products stay whole numbers. Spark's side uses the same. */
export const MULTIPLIER = 1_000_003;
export const MODULUS = 4_294_967_291;

interface NumbersTask {
  readonly name: string;
  readonly title: string;
  /** How many numbers go in. */
  readonly numbers: number;
  /** Answers in short what came out. */
  readonly run: (sc: SparkContext, numbers: number) => Promise<string>;
  readonly loop: (numbers: number) => string;
}

const tasks: readonly NumbersTask[] = [
  {
    name: "range-count",
    title: "count a range of 10⁸ numbers",
    numbers: 1e8,
    run: async (sc, numbers) => `${await sc.range(0, numbers).count()} numbers`,
    loop: countLoop,
  },
  {
    name: "sort",
    title: "sortBy of 5 M numbers, and a look at each in order",
    numbers: 5e6,
    run: async (sc, numbers) => {
      const sorted = sc
        .range(0, numbers)
        .map(n => (n * 1_000_003) % 4_294_967_291)
        .sortBy(n => n)
        .mapPartitions(countAndOutOfOrder);
      const [count, outOfOrder] = await sorted.reduce((a, b) => [a[0] + b[0], a[1] + b[1]]);
      return `${count} numbers, ${outOfOrder} out of order`;
    },
    loop: sortLoop,
  },
  {
    name: "join",
    title: "join of 1 M pairs with 1 M pairs, every key once on each side",
    numbers: 1e6,
    run: async (sc, numbers) => {
      const left = sc.range(0, numbers).map(n => [(n * 7919) % numbers, n]);
      const right = sc.range(0, numbers).map(n => [(n * 104_729) % numbers, n]);
      return `${await left.join(right).count()} pairs`;
    },
    loop: joinLoop,
  },
  {
    name: "distinct-keys",
    title: "reduceByKey of 10 M pairs with 10 M different keys",
    numbers: 1e7,
    run: async (sc, numbers) => {
      const pairs = sc.range(0, numbers).map(n => [(n * 7919) % numbers, 1]);
      return `${await pairs.reduceByKey((a, b) => a + b).count()} keys`;
    },
    loop: reduceByKeyLoop,
  },
];

export const numbersWorkloads: readonly Workload[] = tasks.map(task => ({
  name: task.name,
  title: task.title,
  headline: { metric: "numbersPerSecond", better: "more" },
  inputs: () => [],
  contenders: [
    millrace(task, "local"),
    fresh(task, "loop", "floor", async numbers => () => task.loop(numbers)),
    sparkContender(task.name, settings => ({ numbers: numbersOf(task, settings) })),
    millrace(task, "local[2]"),
  ],
}));

function millrace(task: NumbersTask, master: string): Contender {
  return fresh(task, `millrace ${master}`, "millrace", async numbers => {
    const { SparkContext } = await import("millrace");
    const sc = new SparkContext(master, task.name);
    return () => task.run(sc, numbers);
  });
}

function fresh(
  task: NumbersTask,
  name: string,
  role: Contender["role"],
  prepare: (numbers: number) => Promise<() => string | Promise<string>>,
): Contender {
  return {
    name,
    role,
    process: "fresh",
    measure: async settings => {
      const numbers = numbersOf(task, settings);
      return measureRepeatedly(settings, await prepare(numbers), seconds => ({
        numbersPerSecond: numbers / seconds,
      }));
    },
  };
}

function numbersOf({ numbers }: NumbersTask, { quick }: Settings): number {
  return quick ? numbers / 50 : numbers;
}

function countAndOutOfOrder(numbers: Iterable<number>): [number, number][] {
  let count = 0;
  let outOfOrder = 0;
  let before = Number.NEGATIVE_INFINITY;
  for (const n of numbers) {
    if (n < before) outOfOrder++;
    before = n;
    count++;
  }
  return [[count, outOfOrder]];
}
