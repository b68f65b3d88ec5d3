import assert from "node:assert/strict";
import { test } from "node:test";
import { MillraceError } from "../../common/errors/index.ts";
import { readFile } from "../../common/files/read-file.ts";
import { createDeterministicPlatform } from "../../common/platform/deterministic/index.ts";
import type { State } from "../../task/state/key-state.ts";
import type { DStream } from "../dstream/dstream.ts";
import { StateSpec } from "../dstream/state-spec.ts";
import { beginLife, checkpointDir } from "../fixtures/lives.ts";
import { batchesStream } from "../fixtures/run-batches.ts";
import type { StreamingContext } from "../streaming-context.ts";
import { openCheckpoint } from "./open-checkpoint.ts";

type Files = Readonly<Record<string, Uint8Array>>;

const letters = ["a", "b", "a", "c", "b", "a", "a", "c"].map(letter => [letter]);

/** What a program under test computes of its letters. */
type Build = (ones: DStream<[string, number]>) => DStream<unknown>;

const programs: Readonly<Record<string, Build>> = {
  "a window with an inverse function": ones =>
    ones
      .reduceByKeyAndWindow(
        (a, b) => a + b,
        (a, b) => a - b,
        3000,
        1000,
      )
      .checkpoint(2000),
  "keyed state": ones =>
    ones
      .mapWithState(
        StateSpec.function((key: string, one: number | undefined, count: State<number>) => {
          if (count.isTimingOut()) return `${key} has gone`;
          count.update((count.getOption() ?? 0) + (one ?? 0));
          return `${key} ${count.get()}`;
        })
          .numPartitions(2)
          .timeout(2000)
          .version(1),
      )
      .checkpoint(2000),
};

function declareTo(seen: unknown[], build: Build) {
  return (ssc: StreamingContext): void => {
    build(batchesStream(ssc, letters).map(letter => [letter, 1])).foreachRDD(async (rdd, time) => {
      seen.push([time.milliseconds, ...(await rdd.collect()).sort()]);
    });
  };
}

/** What a run of five batches leaves behind when it is killed. */
async function filesOfKilledRun(
  build: Build,
): Promise<{ readonly files: Files; readonly seen: readonly unknown[] }> {
  const seen: unknown[] = [];
  const life = await beginLife(declareTo(seen, build));
  await life.advance(5);
  life.platform.crash();
  const { files } = createDeterministicPlatform({ seed: 1, disk: life.platform.disk });
  const found: Record<string, Uint8Array> = {};
  for (const { path, isDirectory } of files.listSync(checkpointDir)) {
    if (!isDirectory) found[path] = await readFile(files, path);
  }
  return { files: found, seen };
}

/** What a run would go on with; the code of the error when it would not go on. */
async function outcome(files: Files): Promise<string> {
  const platform = createDeterministicPlatform({ seed: 1, files });
  try {
    const { loaded, records } = await openCheckpoint(platform, checkpointDir, "recover");
    if (loaded === undefined) return "nothing";
    const { name, history } = loaded;
    const sizes = Array.from(records, ([file, parts]) => `${file}:${parts.map(part => part.length)}`);
    return JSON.stringify({ name, open: history.open, lastMs: history.lastMs, sizes });
  } catch (error) {
    if (error instanceof MillraceError) return error.code;
    throw error;
  }
}

/** Goes on from these files for the batches left, and answers with what is seen of them. */
async function seenAfter(build: Build, files: Files): Promise<readonly unknown[]> {
  const seen: unknown[] = [];
  const life = await beginLife(declareTo(seen, build), { files, nowMs: 5000 });
  await life.advance(3);
  await life.ssc.stop();
  return seen;
}

for (const [name, build] of Object.entries(programs)) {
  test(`every byte flipped, every truncation: recovered all the same, or a coded stop: ${name}`, async () => {
    const { files, seen } = await filesOfKilledRun(build);
    const expected = await seenAfter(build, files);
    assert.deepEqual([seen.length, expected.length], [5, 3]);
    const examples = new Map<string, { readonly what: string; readonly files: Files }>();
    let variants = 0;
    const look = async (what: string, damagedFiles: Files): Promise<void> => {
      variants += 1;
      const is = await outcome(damagedFiles);
      if (!examples.has(is)) examples.set(is, { what, files: damagedFiles });
    };
    for (const [path, bytes] of Object.entries(files)) {
      const { [path]: _, ...others } = files;
      await look(`${path} removed`, others);
      for (let at = 0; at < bytes.length; at++) {
        const flipped = Uint8Array.from(bytes);
        flipped[at] = (flipped[at] as number) ^ (1 << (at % 8));
        await look(`${path} with byte ${at} flipped`, { ...files, [path]: flipped });
        await look(`${path} cut to ${at} bytes`, { ...files, [path]: bytes.slice(0, at) });
      }
    }
    assert.ok(variants > 1000, `${variants}`);
    const codes = [...examples.keys()].filter(is => is.startsWith("MR_"));
    assert.deepEqual(codes, ["MR_CHECKPOINT_DAMAGED"]);
    for (const [is, { what, files: damagedFiles }] of examples) {
      if (is.startsWith("MR_")) continue;
      const after = await seenAfter(build, damagedFiles);
      // A batch whose end is forgotten runs again, and comes to the same.
      const again = after.slice(0, -3);
      assert.deepEqual(after.slice(-3), expected, `${what}: ${is}`);
      for (const batch of again) assert.deepEqual(hasEqual(seen, batch), true, what);
    }
  });
}

function hasEqual(all: readonly unknown[], one: unknown): boolean {
  return all.some(each => JSON.stringify(each) === JSON.stringify(one));
}
