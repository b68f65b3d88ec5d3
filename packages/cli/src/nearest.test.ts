import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nearest } from "./nearest.ts";

const names = ["NetworkWordCount", "QueueStream", "HdfsWordCount"];

describe("nearest", () => {
  for (const [name, expected] of [
    ["NetworkWordcount", "NetworkWordCount"],
    ["networkwordcuont", "NetworkWordCount"],
    ["Network", "NetworkWordCount"],
    ["QueuStream", "QueueStream"],
    ["wordCount", "NetworkWordCount"],
    ["KafkaWordCount", "HdfsWordCount"],
    ["Pi", undefined],
    ["", "NetworkWordCount"],
  ] as const) {
    it(`of "${name}" is ${expected}`, () => assert.equal(nearest(name, names), expected));
  }
});
