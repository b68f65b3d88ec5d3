import { MillraceError } from "../../common/errors/index.ts";
import type { FileSystem } from "../../common/platform/platform.ts";
import { byAge, isRecordsName, isTemporaryName, parseSegmentName, parseSnapshotName } from "./file-names.ts";
import { filesOf } from "./saved-records.ts";
import type { Snapshot } from "./snapshot.ts";
import { readSnapshot } from "./snapshot-file.ts";

/** Checkpoint files that are kept: should the newest be damaged, there are others. */
export const keptSnapshots = 3;

/**
 * Removes what neither the newest checkpoint nor those kept beside it need.
 * @param known checkpoint files by name that need not be read, because this run has read or written them
 * @returns the checkpoint files that are kept, by name
 */
export async function cleanCheckpoint(
  files: FileSystem,
  directory: string,
  known: ReadonlyMap<string, Snapshot>,
): Promise<ReadonlyMap<string, Snapshot>> {
  const names = (await files.list(directory)).map(({ path }) => path.slice(path.lastIndexOf("/") + 1));
  const kept = new Map<string, Snapshot>();
  const used = new Set<string>();
  const snapshots = names.map(parseSnapshotName).filter(name => name !== undefined);
  for (const { name } of snapshots.sort(byAge).reverse()) {
    if (kept.size === keptSnapshots) break;
    const snapshot = known.get(name) ?? (await readIfIntact(files, `${directory}/${name}`));
    if (snapshot === undefined) continue;
    kept.set(name, snapshot);
    used.add(name);
    for (const { records } of snapshot.operators) {
      for (const saved of records) for (const file of filesOf(saved)) used.add(file);
    }
  }
  const oldest = [...kept.values()].at(-1);
  if (oldest === undefined) return kept;
  const isOld = (name: string): boolean => {
    const segment = parseSegmentName(name);
    if (segment !== undefined) return byAge(segment, oldest) < 0;
    const isOurs = parseSnapshotName(name) !== undefined || isRecordsName(name) || isTemporaryName(name);
    return isOurs && !used.has(name);
  };
  for (const name of names.filter(isOld)) await files.remove(`${directory}/${name}`);
  return kept;
}

/** A damaged one is of no use as a second choice. */
async function readIfIntact(files: FileSystem, path: string): Promise<Snapshot | undefined> {
  try {
    return await readSnapshot(files, path);
  } catch (error) {
    if (error instanceof MillraceError && error.code === "MR_CHECKPOINT_DAMAGED") return undefined;
    throw error;
  }
}
