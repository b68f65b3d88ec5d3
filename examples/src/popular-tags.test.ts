import { it } from "node:test";
import { Seconds } from "millrace";
import { streamTest } from "millrace/testing";
import { popularTags } from "./popular-tags.ts";

it("PopularTags counts the tags of a window, most frequent first", () =>
  streamTest({ interval: Seconds(2) })
    .input([["#a is # and #b", "no tags"], ["#b again"], []])
    .run(messages => popularTags(messages, Seconds(4)))
    .expect(
      [
        [
          ["#a", 1],
          ["#b", 1],
        ],
        [
          ["#b", 2],
          ["#a", 1],
        ],
        [["#b", 1]],
      ],
      { ordered: true },
    ));
