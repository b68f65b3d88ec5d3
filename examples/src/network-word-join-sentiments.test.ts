import { it } from "node:test";
import { streamTest } from "millrace/testing";
import { happiestWords } from "./network-word-join-sentiments.ts";

it("NetworkWordJoinSentiments weighs words by their sentiment, happiest first", () =>
  streamTest()
    .input([["sad good good rain", "win"], [], ["rain"]])
    .run(lines =>
      happiestWords(
        lines,
        lines.context.sc.parallelize<[string, number]>([
          ["sad", -2],
          ["good", 3],
          ["win", 4],
        ]),
      ),
    )
    .expect(
      [
        [
          ["good", 6],
          ["win", 4],
          ["sad", -2],
        ],
        [],
        [],
      ],
      { ordered: true },
    ));
