import assert from "node:assert/strict";
import { test } from "node:test";
import { constants, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { createDeterministicPlatform } from "../../common/platform/deterministic/index.ts";
import { readAll } from "../fixtures/read-all.ts";
import { isCompressed, type TextSplit, textFileReader, textFileSource } from "./text-file.ts";

function platformWith(path: string, content: string | Uint8Array) {
  return createDeterministicPlatform({ seed: 1, files: { [path]: content } });
}

/** What lines a text has: the obvious way. */
function linesOf(text: string): string[] {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** Splits at `cuts`, in any order and possibly equal, of a file of `sizeBytes`. */
function splitsAt(path: string, cuts: readonly number[], sizeBytes: number): TextSplit[] {
  const borders = [0, ...cuts.map(cut => Math.min(cut, sizeBytes)).sort((a, b) => a - b), sizeBytes];
  return borders.slice(1).map((end, i) => ({ path, start: borders[i] as number, end }));
}

const texts = fc.string({
  unit: fc.constantFrom("a", "ü", "€", "😀", "\n", "\n", "\r\n", "\r", "\uFEFF", " ", "\u2028"),
  maxLength: 60,
});

test("lines are neither cut nor doubled, wherever a file is split and however it is read", async () => {
  await fc.assert(
    fc.asyncProperty(
      texts,
      fc.boolean(),
      fc.array(fc.nat(120), { maxLength: 5 }),
      fc.integer({ min: 1, max: 40 }),
      async (body, isMarked, cuts, readBytes) => {
        const text = isMarked ? `\uFEFF${body}` : body;
        const platform = platformWith("/t.txt", text);
        const lines: unknown[] = [];
        for (const split of splitsAt("/t.txt", cuts, Buffer.byteLength(text))) {
          lines.push(...(await readAll(textFileSource(split, platform, readBytes))));
        }
        assert.deepEqual(lines, linesOf(text));
      },
    ),
    { numRuns: 800 },
  );
});

test("a line that starts in a split is read to its end, however long", async () => {
  const long = "x".repeat(300_000);
  const platform = platformWith("/t.txt", `${long}\n${long}y\nz`);
  const read = (start: number, end: number) =>
    readAll(textFileReader.open({ path: "/t.txt", start, end }, platform));
  assert.deepEqual(await read(0, 1), [long]);
  assert.deepEqual(await read(1, 300_001), []);
  assert.deepEqual(await read(300_001, 300_002), [`${long}y`]);
  assert.deepEqual(await read(300_002, 600_004), ["z"]);
});

test("bytes that are no UTF-8 become replacement characters", async () => {
  const platform = platformWith("/t.txt", Buffer.from([0x61, 0xff, 0x0a, 0xc3, 0x0a, 0x62]));
  const lines = await readAll(textFileReader.open({ path: "/t.txt", start: 0, end: 6 }, platform));
  assert.deepEqual(lines, ["a\uFFFD", "\uFFFD", "b"]);
});

const compressors: Readonly<Record<string, (text: string) => Buffer>> = {
  gz: gzipSync,
  // Without a checksum in it a damaged file may decompress to another text: nobody could tell.
  zst: text => zstdCompressSync(text, { params: { [constants.ZSTD_c_checksumFlag]: 1 } }),
  deflate: deflateSync,
};

for (const [suffix, compress] of Object.entries(compressors)) {
  const path = `/t.txt.${suffix}`;
  const readCompressed = (content: Uint8Array, readBytes = 1 << 16) =>
    readAll(textFileSource({ path, start: 0, end: content.length }, platformWith(path, content), readBytes));

  test(`.${suffix}: any text, read in small pieces`, async () => {
    assert.equal(isCompressed(path), true);
    await fc.assert(
      fc.asyncProperty(texts, fc.boolean(), fc.integer({ min: 1, max: 40 }), async (body, isMarked, n) => {
        const text = isMarked ? `\uFEFF${body}` : body;
        assert.deepEqual(await readCompressed(compress(text), n), linesOf(text));
      }),
      { numRuns: 100 },
    );
  });

  test(`.${suffix}: a large text goes through in order`, async () => {
    const text = Array.from({ length: 40_000 }, (_, i) => `line ${i} é\n`).join("");
    assert.deepEqual(await readCompressed(compress(text)), linesOf(text));
  });

  test(`.${suffix}: damaged and cut-off files are errors that name the file`, async () => {
    const whole = compress("some text that is long enough to be cut\n".repeat(1000));
    const damaged = Buffer.from(whole);
    damaged.fill(0xaa, 20, 40);
    const cases = {
      damaged,
      cut: whole.subarray(0, whole.length - 12),
      foreign: Buffer.from("plain text\n"),
    };
    for (const content of Object.values(cases)) {
      await assert.rejects(readCompressed(content), {
        code: "MR_IO",
        message: /\/t\.txt\.\w+ cannot be decompressed/,
      });
    }
  });

  test(`.${suffix}: an empty file has no lines`, async () => {
    assert.deepEqual(await readCompressed(compress("")), []);
  });

  test(`.${suffix}: may be left before its end`, async () => {
    const content = compress("a line\n".repeat(100_000));
    const source = textFileReader.open({ path, start: 0, end: content.length }, platformWith(path, content));
    await source.next();
    source.close();
  });
}

test("a gzip file of several members is read to the end", async () => {
  const content = Buffer.concat([gzipSync("a\nb"), gzipSync("c\n"), gzipSync(""), gzipSync("d")]);
  const platform = platformWith("/t.gz", content);
  for (const readBytes of [1, 7, 1 << 16]) {
    const source = textFileSource({ path: "/t.gz", start: 0, end: content.length }, platform, readBytes);
    assert.deepEqual(await readAll(source), ["a", "bc", "d"]);
  }
});

test("raw deflate is not what .deflate means", async () => {
  const content = deflateRawSync("text\n");
  const platform = platformWith("/t.deflate", content);
  const source = textFileReader.open({ path: "/t.deflate", start: 0, end: content.length }, platform);
  await assert.rejects(readAll(source), { code: "MR_IO" });
});

test("files that vanished are coded errors, plain or compressed", async () => {
  for (const path of ["/none.txt", "/none.gz"]) {
    const source = textFileReader.open({ path, start: 0, end: 1 }, platformWith("/other", ""));
    await assert.rejects(readAll(source), { code: "MR_PATH_NOT_FOUND" });
  }
});

test("a file is opened when it is read, and closed at its end", async () => {
  const platform = platformWith("/t.txt", "a\n");
  const events: string[] = [];
  const files = Object.create(platform.files) as typeof platform.files;
  files.open = path => {
    events.push("open");
    const file = platform.files.open(path);
    return { ...file, close: () => events.push("close") };
  };
  const source = textFileReader.open({ path: "/t.txt", start: 0, end: 2 }, { ...platform, files });
  assert.deepEqual(events, []);
  assert.deepEqual(await readAll(source), ["a"]);
  assert.deepEqual(events, ["open", "close"]);
});
