import assert from "node:assert/strict";
import { test } from "node:test";
import { parsePools } from "./pools.ts";

const production = { name: "production", mode: "FAIR", weight: 2, minShare: 3 };
const test_ = { name: "test", mode: "FIFO", weight: 1, minShare: 0 };

const xml = `<?xml version="1.0"?>
<allocations>
  <!-- <pool name="old"/> -->
  <pool name="production">
    <schedulingMode>FAIR</schedulingMode>
    <weight>2</weight>
    <minShare>3</minShare>
  </pool>
  <pool name="test"/>
</allocations>`;

for (const [form, text] of [
  ["Spark's XML", xml],
  ["JSON", '[{"name":"production","schedulingMode":"FAIR","weight":2,"minShare":3},{"name":"test"}]'],
] as const) {
  test(`pools are read from ${form}`, () => assert.deepEqual(parsePools(text, "pools"), [production, test_]));
}

const broken: readonly (readonly [text: string, message: RegExp])[] = [
  ["<pools/>", /allocation file pools: there is no <allocations> element/],
  ["{}", /an array of pools/],
  ["[", /JSON/],
  ["[{}]", /a pool has no name/],
  ['[{"name":"a","schedulingMode":"LIFO"}]', /FIFO or FAIR, not LIFO/],
  ['[{"name":"a","weight":0}]', /pool a: weight is an integer of at least 1, not 0/],
];

for (const [text, message] of broken) {
  test(`${text} is no allocation file`, () => {
    assert.throws(() => parsePools(text, "pools"), { code: "MR_BAD_ARGUMENT", message });
  });
}
