import { toolContender } from "../floors/tools.ts";
import { countFromBytes, countWithMap, countWithPackedTable, countWithTable } from "../floors/word-counts.ts";
import type { Contender, Settings, Workload } from "../harness/workload.ts";
import { sparkContender } from "../spark/spark-contender.ts";
import { textContender } from "./text-contender.ts";
import { type TextInput, textInput } from "./text-input.ts";

const speed = ({ words }: TextInput, seconds: number) => ({ wordsPerSecond: words / seconds });

function millrace(master: string): Contender {
  return textContender(
    `millrace ${master}`,
    "millrace",
    async path => {
      const { SparkContext } = await import("millrace");
      const sc = new SparkContext(master, "word count");
      return async () => {
        const [words, different] = await sc
          .textFile(path)
          .flatMap(line => line.split(" "))
          .map(word => [word, 1])
          .reduceByKey((a, b) => a + b)
          .mapPartitions(totals)
          .reduce((a, b) => [a[0] + b[0], a[1] + b[1]]);
        return `${words} words, ${different} different`;
      };
    },
    speed,
  );
}

/** How many words the counts stand for, and how many there are. */
export function totals(counts: Iterable<readonly [string, number]>): [number, number][] {
  let words = 0;
  let different = 0;
  for (const [, count] of counts) {
    words += count;
    different++;
  }
  return [[words, different]];
}

export const wordCount: Workload = {
  name: "word-count",
  title: "count the words of a 100 MB text file (warm; firstSeconds: the first time in a process)",
  headline: { metric: "wordsPerSecond", better: "more" },
  inputs: settings => [textInput(settings).name],
  contenders: [
    millrace("local"),
    floor("loop: split and own table", countWithTable),
    sparkContender("word-count", parameters),
    millrace("local[2]"),
    floor("loop: split and Map", countWithMap),
    floor("loop: indexOf and packed keys", countWithPackedTable),
    floor("loop: bytes and packed keys", countFromBytes),
    toolContender(
      "wc -w",
      quick => ["wc", "-w", textInput({ quick }).path],
      (seconds, quick) => speed(textInput({ quick }), seconds),
    ),
  ],
};

function floor(name: string, count: (path: string) => string): Contender {
  return textContender(name, "floor", async path => () => count(path), speed);
}

function parameters(settings: Settings) {
  const { path, words } = textInput(settings);
  return { path, words };
}
