import { it } from "node:test";
import { Seconds } from "millrace";
import { streamTest } from "millrace/testing";
import { clicksByAd } from "./ad-clicks.ts";

it("AdClicks joins clicks with what was shown before them", () =>
  streamTest({ interval: Seconds(1) })
    .input([["1 soap", "2 tea"], [], [], ["3 soap"], [], []])
    .input([[], ["1"], ["2", "9"], ["1", "3"], [], []])
    .run(clicksByAd)
    .expect([
      [["soap", 1]],
      [
        ["soap", 2],
        ["tea", 1],
      ],
      [],
    ]));
