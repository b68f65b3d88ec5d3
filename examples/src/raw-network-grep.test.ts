import { it } from "node:test";
import { streamTest } from "millrace/testing";
import { linesWithThe } from "./raw-network-grep.ts";

it("RawNetworkGrep counts the lines with a the", () =>
  streamTest()
    .input([["the cat", "a dog", "on the mat"], []])
    .run(linesWithThe)
    .expect([[2], [0]]));
