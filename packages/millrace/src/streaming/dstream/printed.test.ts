import assert from "node:assert/strict";
import { test } from "node:test";
import { Time } from "../../common/time/index.ts";
import { printedText } from "./printed.ts";

const head = `${"-".repeat(43)}\nTime: 1000 ms\n${"-".repeat(43)}\n`;

const cases: [records: unknown[], count: number, body: string][] = [
  [[], 10, "\n"],
  [["a", ["b", 1]], 10, "a\n(b,1)\n\n"],
  [[1, 2, 3], 2, "1\n2\n...\n\n"],
  [[1], 0, "...\n\n"],
];

for (const [records, count, body] of cases) {
  test(JSON.stringify([records, count]), () => {
    assert.equal(printedText(new Time(1000), records, count), head + body);
  });
}
