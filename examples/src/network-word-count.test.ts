import { it } from "node:test";
import { Seconds } from "millrace";
import { streamTest } from "millrace/testing";
import { wordCounts } from "./network-word-count.ts";

it("NetworkWordCount counts the words of each batch", () =>
  streamTest({ interval: Seconds(1) })
    .input([["to be or", "not to be"], [], ["be"]])
    .run(wordCounts)
    .expect([
      [
        ["to", 2],
        ["be", 2],
        ["or", 1],
        ["not", 1],
      ],
      [],
      [["be", 1]],
    ]));
