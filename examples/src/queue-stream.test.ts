import { it } from "node:test";
import { streamTest } from "millrace/testing";
import { lastDigits } from "./queue-stream.ts";

it("QueueStream counts numbers by their last digit", () =>
  streamTest()
    .input([[1, 11, 20], [3]])
    .run(lastDigits)
    .expect([
      [
        [1, 2],
        [0, 1],
      ],
      [[3, 1]],
    ]));
