import { it } from "node:test";
import { Seconds } from "millrace";
import { streamTest } from "millrace/testing";
import { recentWordCounts } from "./windowed-network-word-count.ts";

it("WindowedNetworkWordCount counts the last 30 seconds and forgets what left them", () => {
  const batches: string[][] = Array.from({ length: 50 }, () => []);
  batches[0] = ["a b"];
  batches[15] = ["a"];
  return streamTest({ interval: Seconds(1) })
    .input(batches)
    .run(lines => {
      lines.context.checkpoint("checkpoints");
      return recentWordCounts(lines);
    })
    .expect([
      [
        ["a", 1],
        ["b", 1],
      ],
      [
        ["a", 2],
        ["b", 1],
      ],
      [
        ["a", 2],
        ["b", 1],
      ],
      [["a", 1]],
      [],
    ]);
});
