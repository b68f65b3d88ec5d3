import type { Platform } from "../../common/platform/platform.ts";
import { systemPlatform } from "../../common/platform/system/index.ts";
import { isRecordsName, parseSegmentName, parseSnapshotName } from "./file-names.ts";
import { listCheckpoint, loadCheckpoint } from "./load-checkpoint.ts";
import type { Snapshot } from "./snapshot.ts";
import { readSnapshot } from "./snapshot-file.ts";

/** One stream, as a checkpoint knows it. Times are in milliseconds. */
export interface DescribedStream {
  /** Its `uid`, or its kind and position. */
  readonly id: string;
  readonly kind: string;
  readonly slideMs: number;
  readonly windowMs: number | null;
  /** Whether it builds on its own earlier results. */
  readonly isStateful: boolean;
  /** The newest batch whose records are saved; `null` when none are. */
  readonly savedMs: number | null;
  /** Keys of its state; `null` when it has none. */
  readonly numKeys: number | null;
}

/** One checkpoint file, newest first. */
export interface DescribedCheckpoint {
  readonly name: string;
  /** The run that wrote it: every start of the application counts. */
  readonly run: number;
  /** When it was written, in milliseconds since the epoch. */
  readonly savedAtMs: number;
  readonly application: { readonly name: string; readonly master: string };
  readonly conf: Readonly<Record<string, string>>;
  readonly batchMs: number;
  /** The time all windows and slides are counted from. */
  readonly zeroMs: number;
  /** The newest batch that had begun; `null` before the first. */
  readonly lastMs: number | null;
  /** Batches that had not come to their end. */
  readonly open: readonly number[];
  readonly streams: readonly DescribedStream[];
}

/** What is in a checkpoint directory. */
export interface CheckpointDescription {
  /** The checkpoint files that can be read, newest first. */
  readonly checkpoints: readonly DescribedCheckpoint[];
  /** Checkpoint files that cannot be read, and why. */
  readonly damaged: readonly { readonly name: string; readonly reason: string }[];
  /** Where a new run would go on; `undefined` when it would begin anew. */
  readonly resume: { readonly lastMs: number | null; readonly open: readonly number[] } | undefined;
  /** All files that belong to the checkpoint, with their sizes. */
  readonly files: readonly { readonly name: string; readonly sizeBytes: number }[];
}

/**
 * Reads what is in a checkpoint directory, for people and tools. Changes nothing, also while a program runs there.
 *
 * ```ts
 * import { describeCheckpoint, StreamingContext } from "millrace";
 * import assert from "node:assert";
 * import { mkdtempSync, rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * const directory = mkdtempSync(`${tmpdir()}/described-`);
 * const ssc = new StreamingContext("local", "example", "20ms");
 * ssc.checkpoint(directory);
 * ssc.queueStream([["a"]]).print();
 * await ssc.start();
 * await ssc.stop();
 * const { checkpoints } = await describeCheckpoint(directory);
 * assert.equal(checkpoints[0]?.application.name, "example");
 * rmSync(directory, { recursive: true });
 * ```
 *
 * @param platform where its files are; default the machine's
 * @throws MR_CHECKPOINT_DAMAGED when no checkpoint file can be read, MR_IO
 */
export async function describeCheckpoint(
  directory: string,
  platform: Platform = systemPlatform,
): Promise<CheckpointDescription> {
  const { files } = platform;
  const { snapshots } = await listCheckpoint(files, directory);
  const checkpoints: DescribedCheckpoint[] = [];
  const damaged: { name: string; reason: string }[] = [];
  for (const { name } of snapshots.toReversed()) {
    try {
      checkpoints.push(describe(name, await readSnapshot(files, `${directory}/${name}`)));
    } catch (error) {
      damaged.push({ name, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  const history = (await loadCheckpoint(files, directory))?.history;
  const resume = history === undefined ? undefined : { lastMs: history.lastMs ?? null, open: history.open };
  return { checkpoints, damaged, resume, files: await checkpointFiles(directory, platform) };
}

/** The files of a directory that belong to a checkpoint. */
export async function checkpointFiles(
  directory: string,
  { files }: Platform,
): Promise<CheckpointDescription["files"]> {
  if ((await files.stat(directory)) === undefined) return [];
  return (await files.list(directory))
    .map(({ path, sizeBytes }) => ({ name: path.slice(path.lastIndexOf("/") + 1), sizeBytes }))
    .filter(({ name }) => isCheckpointFile(name));
}

function isCheckpointFile(name: string): boolean {
  const isNumbered = parseSnapshotName(name) !== undefined || parseSegmentName(name) !== undefined;
  return isNumbered || isRecordsName(name) || name === "fence";
}

function describe(name: string, snapshot: Snapshot): DescribedCheckpoint {
  const { run, savedAtMs, application, conf, batchMs, zeroMs, history, operators } = snapshot;
  return {
    ...{ name, run, savedAtMs, application, conf, batchMs, zeroMs },
    lastMs: history.lastMs,
    open: history.open,
    streams: operators.map(({ id, kind, slideMs, windowMs, isStateful, records }) => {
      const newest = records.at(-1);
      const numKeys = newest?.chains?.reduce((sum, chain) => sum + (chain.at(-1)?.numKeys ?? 0), 0);
      const savedMs = newest?.timeMs ?? null;
      return { id, kind, slideMs, windowMs, isStateful, savedMs, numKeys: numKeys ?? null };
    }),
  };
}
