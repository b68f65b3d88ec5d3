import { grepBytes, grepLines } from "../floors/greps.ts";
import { toolContender } from "../floors/tools.ts";
import type { Contender, Settings, Workload } from "../harness/workload.ts";
import { sparkContender } from "../spark/spark-contender.ts";
import { textContender } from "./text-contender.ts";
import { type TextInput, textInput } from "./text-input.ts";

/** In about 3 of 1 000 lines. */
const WORD = "ubfjl";

const speed = ({ lines }: TextInput, seconds: number) => ({ linesPerSecond: lines / seconds });

function millrace(master: string): Contender {
  return textContender(
    `millrace ${master}`,
    "millrace",
    async path => {
      const { SparkContext } = await import("millrace");
      const sc = new SparkContext(master, "grep");
      return async () =>
        `${await sc
          .textFile(path)
          .filter(line => line.includes("ubfjl"))
          .count()} lines`;
    },
    speed,
  );
}

export const grep: Workload = {
  name: "grep",
  title: "count the lines of a 100 MB text file that contain a word",
  headline: { metric: "linesPerSecond", better: "more" },
  inputs: settings => [textInput(settings).name],
  contenders: [
    millrace("local"),
    textContender("loop: decoded lines", "floor", async path => () => grepLines(path, WORD), speed),
    sparkContender("grep", parameters),
    millrace("local[2]"),
    textContender("loop: bytes", "floor", async path => () => grepBytes(path, WORD), speed),
    tool("grep -c", quick => ["grep", "-c", WORD, textInput({ quick }).path]),
    tool("wc -l", quick => ["wc", "-l", textInput({ quick }).path]),
  ],
};

function tool(name: string, command: (quick: boolean) => readonly [string, ...string[]]): Contender {
  return toolContender(name, command, (seconds, quick) => speed(textInput({ quick }), seconds));
}

function parameters(settings: Settings) {
  const { path, lines } = textInput(settings);
  return { path, lines, word: WORD };
}
