import { measureRepeatedly } from "../harness/measure-repeatedly.ts";
import type { Contender, Settings, Workload } from "../harness/workload.ts";
import { type InputName, inputPath } from "../inputs/input-files.ts";
import { runningCluster } from "../spark/cluster.ts";
import { sparkClusterContender } from "../spark/spark-contender.ts";
import { totals } from "./word-count.ts";

interface Input {
  readonly name: InputName;
  readonly words: number;
}

function inputOf({ quick }: Settings): Input {
  return quick ? { name: "words", words: 15_666_618 } : { name: "wordsLarge", words: 78_329_425 };
}

const millrace: Contender = {
  name: "millrace sc://",
  role: "millrace",
  process: "fresh",
  measure: async settings => {
    const { SparkContext } = await import("millrace");
    const sc = new SparkContext(runningCluster().url, "word count");
    const { name, words } = inputOf(settings);
    const sample = await measureRepeatedly(
      settings,
      async () => {
        const [all, different] = await sc
          .textFile(inputPath(name))
          .flatMap(line => line.split(" "))
          .map(word => [word, 1])
          .reduceByKey((a, b) => a + b)
          .mapPartitions(totals)
          .reduce((a, b) => [a[0] + b[0], a[1] + b[1]]);
        return `${all} words, ${different} different`;
      },
      seconds => ({ wordsPerSecond: words / seconds }),
    );
    await sc.stop();
    return sample;
  },
};

export const sparkWordCount: Workload = {
  name: "spark-word-count",
  title: "count the words of a 500 MB text file, which two executors of a Spark cluster read",
  headline: { metric: "wordsPerSecond", better: "more" },
  inputs: settings => [inputOf(settings).name],
  onCluster: true,
  contenders: [
    millrace,
    sparkClusterContender("word-count", settings => {
      const { name, words } = inputOf(settings);
      return { path: inputPath(name), words };
    }),
  ],
};
