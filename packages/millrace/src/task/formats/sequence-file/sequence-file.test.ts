import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createDeterministicPlatform } from "../../../common/platform/deterministic/index.ts";
import { readAll } from "../../fixtures/read-all.ts";
import { sequenceFileReader } from "./sequence-reader.ts";
import { sequenceFileFormat } from "./sequence-writer.ts";

type Pair = readonly [unknown, unknown];

async function written(
  pairs: readonly Pair[],
  options: Readonly<Record<string, unknown>> = {},
  codec?: string,
): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  const sink = {
    async write(bytes: Uint8Array) {
      pieces.push(bytes);
    },
  };
  const writer = sequenceFileFormat.open(sink, { codec, options });
  for (const pair of pairs) await writer.write(pair);
  await writer.close();
  return Buffer.concat(pieces);
}

/** Reads a file in splits that meet at the cuts. */
async function read(bytes: Uint8Array, cuts: readonly number[] = []): Promise<unknown[]> {
  const platform = createDeterministicPlatform({ seed: 1, files: { "/f": bytes } });
  const borders = [0, ...cuts.map(cut => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
  const records: unknown[] = [];
  for (let i = 1; i < borders.length; i++) {
    const split = { path: "/f", start: borders[i - 1] as number, end: borders[i] as number };
    records.push(...(await readAll(sequenceFileReader.open(split, platform))));
  }
  return records;
}

const classes: readonly (readonly [className: string, values: readonly unknown[]])[] = [
  ["NullWritable", [null]],
  ["BooleanWritable", [true, false]],
  ["ByteWritable", [-128, 0, 127]],
  ["IntWritable", [-(2 ** 31), -1, 0, 2 ** 31 - 1]],
  ["LongWritable", [-1, Number.MAX_SAFE_INTEGER, 2n ** 63n - 1n, -(2n ** 63n)]],
  ["VIntWritable", [-(2 ** 31), -113, -112, 0, 127, 128, 65_535, 2 ** 31 - 1]],
  ["VLongWritable", [-(2n ** 63n), -256, -129, 127, 2 ** 40, 2n ** 63n - 1n]],
  ["FloatWritable", [0.5, -0, Number.POSITIVE_INFINITY, Number.NaN]],
  ["DoubleWritable", [0.1, -0, Number.MIN_VALUE, Number.NaN]],
  ["Text", ["", "é", "😀", "x".repeat(300)]],
  ["BytesWritable", [new Uint8Array(0), Uint8Array.of(1, 2, 255)]],
];

for (const [className, values] of classes) {
  for (const [codec, compression] of [[undefined], ["gzip", "record"], ["deflate", "block"]] as const) {
    test(`${className}, ${codec ?? "plain"} ${compression ?? ""}`, async () => {
      const pairs = values.map((value, i): Pair => [`k${i}`, value]);
      const bytes = await written(pairs, { valueClass: className, compression }, codec);
      assert.deepEqual(await read(bytes), pairs);
    });
  }
}

test("records are neither lost nor doubled wherever a file is cut", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.string(), fc.nat(2000)), { minLength: 0, maxLength: 200 }),
      fc.array(fc.nat(1_000_000), { maxLength: 4 }),
      fc.constantFrom([undefined, undefined], ["zstd", "record"], ["zstd", "block"]),
      async (rows, cuts, [codec, compression]) => {
        const pairs = rows.map(([key, size]): Pair => [key, key.repeat(size)]);
        const bytes = await written(pairs, { keyClass: "Text", valueClass: "Text", compression }, codec);
        assert.deepEqual(await read(bytes, cuts), pairs);
      },
    ),
    { numRuns: 60 },
  );
});

test("an empty first split has no records", async () => {
  assert.deepEqual(await read(await written([["a", "b"]]), [0]), [["a", "b"]]);
});

test("the bytes of a small file are those of Hadoop's format", async () => {
  const bytes = await written([["a", 1]], { valueClass: "IntWritable" });
  const head = Buffer.concat([
    Buffer.from("SEQ\u0006\u0019org.apache.hadoop.io.Text\u0020org.apache.hadoop.io.IntWritable", "latin1"),
    Buffer.from([0, 0, 0, 0, 0, 0]),
  ]);
  assert.deepEqual(bytes.subarray(0, head.length), head);
  const record = bytes.subarray(head.length + 16);
  assert.deepEqual([...record], [0, 0, 0, 6, 0, 0, 0, 2, 1, 0x61, 0, 0, 0, 1]);
});

test("what does not fit the classes of a file, and what has none, is refused", async () => {
  const refused = { code: "MR_BAD_ARGUMENT" };
  await assert.rejects(
    written([
      ["a", 1],
      ["b", "x"],
    ]),
    refused,
  );
  await assert.rejects(written([["a", 1.5]], { valueClass: "IntWritable" }), refused);
  await assert.rejects(written([["a", 1]], { valueClass: "MapWritable" }), refused);
  await assert.rejects(written([["a", { b: 1 }]]), refused);
  await assert.rejects(written([["a", 1]], {}, "lzo"), refused);
});

test("a file that is damaged or cut off is never taken for whole", async () => {
  const pairs = Array.from({ length: 50 }, (_, i): Pair => [`key ${i}`, i]);
  for (const [codec, compression] of [[undefined], ["gzip", "record"], ["gzip", "block"]] as const) {
    const bytes = await written(pairs, { compression }, codec);
    for (let length = 0; length < bytes.length; length += 7) {
      const cut = await read(bytes.subarray(0, length)).catch((error: { code: string }) => error.code);
      // A cut between two records cannot be seen in a file without compression: it has no end mark.
      if (Array.isArray(cut)) assert.deepEqual(cut, pairs.slice(0, cut.length));
      else assert.equal(cut, "MR_IO");
    }
  }
});
