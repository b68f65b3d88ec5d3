import { it } from "node:test";
import { streamTest } from "millrace/testing";
import { runningWordCounts } from "./stateful-network-word-count.ts";

it("StatefulNetworkWordCount counts from the beginning on, from what is known", () =>
  streamTest()
    .input([["a b"], [], ["a hello"]])
    .run(lines => runningWordCounts(lines, [["hello", 1]]))
    .expect([
      [
        ["a", 1],
        ["b", 1],
      ],
      [],
      [
        ["a", 2],
        ["hello", 2],
      ],
    ]));
