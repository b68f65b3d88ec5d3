import { millraceError } from "../../common/errors/index.ts";
import type { FileSystem } from "../../common/platform/platform.ts";
import type { SegmentEnd } from "./batch-event.ts";
import { BatchHistory } from "./batch-history.ts";
import { damaged } from "./damaged.ts";
import {
  byAge,
  parseSegmentName,
  parseSnapshotName,
  type SegmentName,
  type SnapshotName,
  segmentName,
} from "./file-names.ts";
import { type ReadSegment, readSegment } from "./segment-file.ts";
import type { Snapshot } from "./snapshot.ts";
import { readSnapshot } from "./snapshot-file.ts";

/** The newest intact checkpoint, and what happened since. */
export interface LoadedCheckpoint {
  /** The file it was read from. */
  readonly name: string;
  readonly snapshot: Snapshot;
  readonly history: BatchHistory;
  /** Where the batch log ends. */
  readonly end: SegmentEnd;
  /** The newest run of which there are files. */
  readonly newestRun: number;
}

/** The checkpoint files and log segments of a directory, oldest first. */
export interface CheckpointFiles {
  readonly snapshots: readonly SnapshotName[];
  readonly segments: readonly SegmentName[];
}

/** What there is in a checkpoint directory; nothing when there is no such directory. */
export async function listCheckpoint(files: FileSystem, directory: string): Promise<CheckpointFiles> {
  if ((await files.stat(directory))?.isDirectory !== true) return { snapshots: [], segments: [] };
  const names = (await files.list(directory))
    .filter(({ isDirectory }) => !isDirectory)
    .map(({ path }) => path.slice(path.lastIndexOf("/") + 1));
  return {
    snapshots: names.map(parseSnapshotName).filter(isThere).sort(byAge),
    segments: names.map(parseSegmentName).filter(isThere).sort(byAge),
  };
}

/** The newest run of which there are files; 0 when there are none. */
export function newestRunOf({ snapshots, segments }: CheckpointFiles): number {
  return Math.max(0, ...snapshots.map(({ run }) => run), ...segments.map(({ run }) => run));
}

/**
 * Reads the newest checkpoint of a directory that is intact, `accept` included, and the log since then.
 * @param accept throws MR_CHECKPOINT_DAMAGED when data that a checkpoint needs is not intact
 * @returns `undefined` when there is none at all
 * @throws MR_CHECKPOINT_DAMAGED when there are some and none is intact, or the log is not; MR_IO
 */
export async function loadCheckpoint(
  files: FileSystem,
  directory: string,
  accept: (snapshot: Snapshot) => Promise<void> = async () => {},
): Promise<LoadedCheckpoint | undefined> {
  const found = await listCheckpoint(files, directory);
  const failures: unknown[] = [];
  for (const { name } of found.snapshots.toReversed()) {
    let snapshot: Snapshot;
    try {
      snapshot = await readSnapshot(files, `${directory}/${name}`);
      await accept(snapshot);
    } catch (error) {
      failures.push(error);
      continue;
    }
    const { history, end } = await readLog(files, directory, snapshot, found.segments);
    return { name, snapshot, history, end, newestRun: newestRunOf(found) };
  }
  if (failures.length === 0 && !(await hasEvents(files, directory, found.segments))) return undefined;
  throw millraceError(
    "MR_CHECKPOINT_DAMAGED",
    failures.length === 0
      ? `The checkpoint files of ${directory} are gone, their log is still there`
      : `Failed to read checkpoint from directory ${directory}: ${messageOf(failures[0])}`,
    failures.length === 0 ? {} : { cause: failures[0] },
  );
}

/** A segment that counts. */
interface ChainedSegment extends SegmentEnd {
  readonly events: ReadSegment["events"];
}

/** Everything recorded since the snapshot. What an older run wrote after a newer one took over does not count. */
async function readLog(
  files: FileSystem,
  directory: string,
  snapshot: Snapshot,
  segments: readonly SegmentName[],
): Promise<{ readonly history: BatchHistory; readonly end: SegmentEnd }> {
  const from = segments.findIndex(({ run, segment }) => run === snapshot.run && segment === snapshot.segment);
  if (from < 0) throw damaged(`${directory}/${segmentName(snapshot.run, snapshot.segment)}`, "it is missing");
  const chain: ChainedSegment[] = [];
  for (const { name, run, segment } of segments.slice(from)) {
    const path = `${directory}/${name}`;
    const { head, events, lengthBytes } = await readSegment(files, path);
    if (chain.length > 0) {
      if (head === undefined) continue;
      if (head.follows === null) {
        if (events.length === 0) continue;
        throw damaged(path, "an application began anew with this log, and its checkpoint cannot be read");
      }
      cutChain(chain, head.follows, directory, path);
    }
    chain.push({ run, segment, lengthBytes, events });
  }
  const history = BatchHistory.from(snapshot.history);
  for (const { events } of chain) for (const { event } of events) history.apply(event);
  const { run, segment, lengthBytes } = chain.at(-1) as ChainedSegment;
  return { history, end: { run, segment, lengthBytes } };
}

/** Ends the chain where the next segment says that it goes on. */
function cutChain(chain: ChainedSegment[], follows: SegmentEnd, directory: string, path: string): void {
  const at = chain.findIndex(({ run, segment }) => run === follows.run && segment === follows.segment);
  const last = chain[at];
  if (last === undefined) {
    throw damaged(path, `it follows ${segmentName(follows.run, follows.segment)}, which is not there`);
  }
  if (last.lengthBytes < follows.lengthBytes) {
    throw damaged(
      `${directory}/${segmentName(last.run, last.segment)}`,
      `only ${last.lengthBytes} of its ${follows.lengthBytes} bytes are intact`,
    );
  }
  chain.length = at;
  chain.push({
    ...last,
    lengthBytes: follows.lengthBytes,
    events: last.events.filter(({ endBytes }) => endBytes <= follows.lengthBytes),
  });
}

async function hasEvents(
  files: FileSystem,
  directory: string,
  segments: readonly SegmentName[],
): Promise<boolean> {
  for (const { name } of segments) {
    if ((await readSegment(files, `${directory}/${name}`)).events.length > 0) return true;
  }
  return false;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isThere<T>(value: T | undefined): value is T {
  return value !== undefined;
}
