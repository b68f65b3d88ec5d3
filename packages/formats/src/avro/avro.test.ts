import assert from "node:assert/strict";
import { test } from "node:test";
import avsc from "avsc";
import { read, readInParts, written } from "../fixtures/format-files.ts";
import { avroInput } from "./input.ts";
import { avroOutput } from "./output.ts";

const at = new Date("2026-02-03T04:05:06.789Z");
const nested = {
  type: "record",
  name: "Click",
  fields: [
    { name: "user", type: ["null", "string"], default: null },
    { name: "ids", type: { type: "array", items: "long" } },
    { name: "at", type: { type: "long", logicalType: "timestamp-millis" } },
    { name: "place", type: { type: "record", name: "Place", fields: [{ name: "lat", type: "double" }] } },
    { name: "names", type: { type: "map", values: "int" } },
  ],
};

const values: readonly (readonly [name: string, schema: object | string, records: readonly unknown[]])[] = [
  ["texts", "string", ["", "ä€🙂", "x".repeat(200_000)]],
  ["longs", "long", [0, -1, 2 ** 53 - 1, 2n ** 60n, -(2n ** 63n)]],
  ["longs with a property nobody knows", { type: "long", logicalType: "timestamp-micros" }, [2n ** 62n, 5]],
  ["bytes", "bytes", [Uint8Array.of(), Uint8Array.of(1, 2, 255)]],
  ["fixed", { type: "fixed", name: "Two", size: 2 }, [Uint8Array.of(1, 2)]],
  ["days", { type: "int", logicalType: "date" }, [new Date("1969-12-31"), new Date("2026-02-03")]],
  ["unions", ["null", "bytes", "string", "long"], [null, Uint8Array.of(7), "x", 1, 2n ** 60n]],
  ["the text of a schema", '{"type": "array", "items": "boolean"}', [[true, false], []]],
  [
    "records in records",
    nested,
    [
      { user: "ada", ids: [1, 2], at, place: { lat: 52.5 }, names: { a: 1 } },
      { user: null, ids: [], at, place: { lat: -1 }, names: {} },
    ],
  ],
  ["nothing", "string", []],
];

for (const codec of ["null", "deflate", "snappy", "zstandard"]) {
  for (const [name, schema, records] of values) {
    test(`${name}, ${codec}`, async () => {
      assert.deepEqual(await read(avroInput, await written(avroOutput, records, { schema }, codec)), records);
    });
  }
}

test("the library's own reader reads what we write", async () => {
  const records = Array.from({ length: 20_000 }, (_, i) => ({ n: i, text: `number ${i}` }));
  const fields = [
    { name: "n", type: "int" },
    { name: "text", type: "string" },
  ];
  const bytes = await written(
    avroOutput,
    records,
    { schema: { type: "record", name: "R", fields } },
    "deflate",
  );
  const decoder = new avsc.streams.BlockDecoder();
  decoder.end(bytes);
  const found: unknown[] = [];
  for await (const record of decoder) found.push({ ...(record as object) });
  assert.deepEqual(found, records);
});

test("however a file is cut, every block is read once", async () => {
  const records = Array.from({ length: 3000 }, (_, i) => `record ${i} ${"x".repeat(i % 700)}`);
  const bytes = await written(avroOutput, records, { schema: "string" });
  for (const count of [1, 2, 3, 7, 40, 500]) {
    assert.deepEqual(await readInParts(avroInput, bytes, count), records, `${count} parts`);
  }
});

test("records are plain objects", async () => {
  const bytes = await written(avroOutput, [{ user: null, ids: [], at, place: { lat: 1 }, names: {} }], {
    schema: nested,
  });
  const [record] = (await read(avroInput, bytes)) as { place: object }[];
  assert.equal(Object.getPrototypeOf(record), Object.prototype);
  assert.equal(Object.getPrototypeOf(record?.place), Object.prototype);
});

test("a schema of the reader's own: other fields, defaults, wider numbers", async () => {
  const fields = [
    { name: "n", type: "long" },
    { name: "at", type: { type: "long", logicalType: "timestamp-millis" } },
    { name: "bytes", type: "bytes" },
    { name: "gone", type: "string" },
  ];
  const schema = { type: "record", name: "R", fields };
  const records = [{ n: 1, at, bytes: Uint8Array.of(1), gone: "x" }];
  const wanted = {
    ...schema,
    fields: [
      fields[1],
      fields[2],
      { name: "n", type: "double" },
      { name: "added", type: "string", default: "-" },
    ],
  };
  assert.deepEqual(
    await read(avroInput, await written(avroOutput, records, { schema }), 0, undefined, { schema: wanted }),
    [{ at, bytes: Uint8Array.of(1), n: 1, added: "-" }],
  );
});

const misfits: readonly (readonly [name: string, schema: unknown, record: unknown, message: RegExp])[] = [
  ["a wrong type", nested, { user: 1, ids: [], at, place: { lat: 1 }, names: {} }, /user is 1 and should be/],
  ["deep inside", nested, { user: null, ids: [1, "x"], at, place: { lat: 1 }, names: {} }, /ids\.1 is "x"/],
  ["a missing field", nested, { user: null, ids: [], at, names: {} }, /place is undefined/],
  ["too large an integer", "long", 2n ** 63n, /it is 9223372036854775808n/],
  ["no date", { type: "int", logicalType: "date" }, "2026", /it is "2026"/],
];
for (const [name, schema, record, message] of misfits) {
  test(`does not fit: ${name}`, async () => {
    await assert.rejects(written(avroOutput, [record], { schema }), { code: "MR_BAD_ARGUMENT", message });
  });
}

test("what makes no sense is told before anything is written", () => {
  const check = (codec: string | undefined, options: object) => () =>
    avroOutput.check?.({ codec, options: options as Readonly<Record<string, unknown>> });
  assert.throws(check(undefined, {}), { code: "MR_BAD_ARGUMENT", message: /need a schema/ });
  assert.throws(check("lzo", { schema: "int" }), {
    code: "MR_BAD_ARGUMENT",
    message: /no compression codec "lzo"/,
  });
  assert.throws(check(undefined, { schema: "number" }), {
    code: "MR_BAD_ARGUMENT",
    message: /no Avro schema/,
  });
});

test("damage is told with the name of the file", async () => {
  const bytes = await written(avroOutput, ["a", "b"], { schema: "string" }, "snappy");
  const damaged = Buffer.from(bytes);
  const inBlock = bytes.length - 16 - 6;
  damaged.writeUInt8(damaged.readUInt8(inBlock) ^ 1, inBlock);
  const files: readonly (readonly [name: string, bytes: Uint8Array, message: RegExp])[] = [
    ["empty", new Uint8Array(0), /the file cannot be read as Avro/],
    ["another format", Buffer.from("PAR1 and more"), /does not begin with Avro's mark/],
    ["cut in its header", bytes.subarray(0, 20), /header is cut off/],
    ["cut in a block", bytes.subarray(0, -17), /is cut off/],
    ["cut in a mark", bytes.subarray(0, -1), /does not end where it should/],
    ["a wrong bit", damaged, /checksum|snappy/],
  ];
  for (const [name, content, message] of files) {
    await assert.rejects(read(avroInput, content), { code: "MR_IO", message }, name);
  }
});
