import assert from "node:assert/strict";
import { test } from "node:test";
import { parquetMetadata } from "hyparquet";
import { read, readInParts, written } from "../fixtures/format-files.ts";
import type { Columns } from "./column-type.ts";
import { parquetInput } from "./input.ts";
import { parquetOutput } from "./output.ts";

const at = new Date("2026-02-03T04:05:06.789Z");

const values: readonly (readonly [name: string, schema: Columns | undefined, records: readonly object[]])[] =
  [
    [
      "every type",
      {
        flag: "BOOLEAN",
        small: "INT32",
        large: "INT64",
        float: "FLOAT",
        double: "DOUBLE",
        text: "STRING",
        bytes: "BYTE_ARRAY",
        any: "JSON",
        at: "TIMESTAMP",
        day: "DATE",
        id: "UUID",
      },
      [
        {
          flag: true,
          small: -5,
          large: 2n ** 60n,
          float: 0.5,
          double: 0.1,
          text: "ä€🙂",
          bytes: Uint8Array.of(1, 255),
          any: { of: ["anything", 1] },
          at,
          day: new Date("2026-02-03"),
          id: "f47ac10b-58cc-4372-a567-0e02b2c3d479",
        },
        {
          flag: null,
          small: null,
          large: null,
          float: null,
          double: null,
          text: null,
          bytes: null,
          any: null,
          at: null,
          day: null,
          id: null,
        },
      ],
    ],
    ["integers are numbers where exact", { n: "INT64" }, [{ n: 2 ** 53 - 1 }, { n: -(2n ** 63n) }, { n: 0 }]],
    [
      "lists and fields",
      { tags: ["STRING"], place: { lat: "DOUBLE", names: ["STRING"] }, grid: [["INT64"]] },
      [
        { tags: ["a", "b"], place: { lat: 1, names: ["x"] }, grid: [[1, 2], [3]] },
        { tags: [], place: { lat: null, names: [] }, grid: [] },
        { tags: null, place: null, grid: null },
      ],
    ],
    [
      "found out from the records",
      undefined,
      [
        { n: 1, big: 5n, text: "a", at, list: [1, 2.5], fields: { a: true }, sometimes: null },
        { n: 1.5, big: 2n ** 60n, text: "b", at, list: [], fields: { a: false }, sometimes: "x" },
      ],
    ],
  ];

for (const codec of ["uncompressed", "snappy", "gzip", "zstd"]) {
  for (const [name, schema, records] of values) {
    test(`${name}, ${codec}`, async () => {
      const options = schema === undefined ? {} : { schema };
      const read5 = records.map(record =>
        "big" in record && record.big === 5n ? { ...record, big: 5 } : record,
      );
      assert.deepEqual(
        await read(parquetInput, await written(parquetOutput, records, options, codec)),
        read5,
      );
    });
  }
}

test("arrays have columns by position", async () => {
  const pairs = [
    ["a", 1],
    ["b", 2],
  ];
  assert.deepEqual(await read(parquetInput, await written(parquetOutput, pairs, {})), [
    { _1: "a", _2: 1 },
    { _1: "b", _2: 2 },
  ]);
  const named = await written(parquetOutput, pairs, { schema: { word: "STRING", n: "INT32" } });
  assert.deepEqual((await read(parquetInput, named))[1], { word: "b", n: 2 });
});

test("row groups are about as large as wanted, and each is read once however the file is cut", async () => {
  const records = Array.from({ length: 12_000 }, (_, i) => ({ n: i, text: `number ${i}` }));
  const bytes = await written(parquetOutput, records, { rowGroupBytes: 40_000 });
  const groups = parquetMetadata(new Uint8Array(bytes).buffer).row_groups;
  const sizes = groups.slice(1, -1).map(group => Number(group.total_byte_size));
  assert.ok(sizes.length > 2 && sizes.every(size => size > 20_000 && size < 80_000), String(sizes));
  for (const count of [1, 2, 5, 33]) {
    assert.deepEqual(await readInParts(parquetInput, bytes, count), records, `${count} parts`);
  }
});

test("only the columns that are wanted", async () => {
  const bytes = await written(parquetOutput, [{ a: 1, b: "x", c: true }], {});
  assert.deepEqual(await read(parquetInput, bytes, 0, undefined, { columns: ["c", "a"] }), [
    { a: 1, c: true },
  ]);
  await assert.rejects(read(parquetInput, bytes, 0, undefined, { columns: ["d"] }), {
    code: "MR_BAD_ARGUMENT",
    message: /no column d/,
  });
});

test("bytes have memory of their own", async () => {
  const bytes = await written(
    parquetOutput,
    [{ b: Uint8Array.of(1) }, { b: Uint8Array.of(2) }],
    {},
    "uncompressed",
  );
  const [row] = (await read(parquetInput, bytes)) as { b: Uint8Array }[];
  assert.equal(row?.b.buffer.byteLength, 1);
});

test("without records", async () => {
  assert.deepEqual(
    await read(parquetInput, await written(parquetOutput, [], { schema: { a: "INT32" } })),
    [],
  );
  assert.deepEqual(await read(parquetInput, await written(parquetOutput, [], {})), []);
});

const misfits: readonly (readonly [name: string, schema: unknown, records: unknown[], message: RegExp])[] = [
  ["a text for a number", { n: "INT32" }, [{ n: "1" }], /column n is INT32 and cannot hold "1"/],
  ["a fraction", { n: "INT64" }, [{ n: 0.5 }], /column n is INT64/],
  ["too large", { n: "INT32" }, [{ n: 2 ** 31 }], /INT32 and cannot hold 2147483648/],
  ["no date", { at: "TIMESTAMP" }, [{ at: 5 }], /at is TIMESTAMP/],
  [
    "deep inside",
    { a: { b: ["STRING"] } },
    [{ a: { b: ["x", 1] } }],
    /column a\.b is STRING and cannot hold 1/,
  ],
  ["no list", { a: ["STRING"] }, [{ a: "x" }], /column a is a list/],
  ["no object", undefined, ["x"], /an object or array, not x/],
  ["several kinds", undefined, [{ a: 1 }, { a: "x" }], /column a cannot hold DOUBLE and STRING/],
  ["a function", undefined, [{ a: () => 1 }], /column a cannot hold function/],
];
for (const [name, schema, records, message] of misfits) {
  test(`does not fit: ${name}`, async () => {
    const options = schema === undefined ? {} : { schema };
    await assert.rejects(written(parquetOutput, records, options), { code: "MR_BAD_ARGUMENT", message });
  });
}

test("what makes no sense is told before anything is written", () => {
  const check = (codec: string | undefined, options: Readonly<Record<string, unknown>>) => () =>
    parquetOutput.check?.({ codec, options });
  const schemas = [[], {}, "INT32", { a: "INT" }, { a: ["INT32", "INT64"] }, { a: {} }, { a: null }];
  for (const schema of schemas) assert.throws(check(undefined, { schema }), { code: "MR_BAD_ARGUMENT" });
  assert.throws(check("lzo", {}), { code: "MR_BAD_ARGUMENT", message: /no compression codec "lzo"/ });
  assert.throws(check(undefined, { rowGroupBytes: 0 }), { code: "MR_BAD_ARGUMENT" });
});

test("damage is told with the name of the file", async () => {
  const bytes = await written(parquetOutput, [{ a: "x" }], {});
  for (const content of [new Uint8Array(0), Buffer.from("Obj and much more text"), bytes.subarray(0, -3)]) {
    await assert.rejects(read(parquetInput, content), {
      code: "MR_IO",
      message: /the file cannot be read as Parquet/,
    });
  }
});
