import type { Platform } from "../../common/platform/platform.ts";
import { Fence } from "./fence.ts";
import { type LoadedCheckpoint, listCheckpoint, loadCheckpoint, newestRunOf } from "./load-checkpoint.ts";
import { filesOf, readPartitions } from "./saved-records.ts";
import type { Snapshot } from "./snapshot.ts";

/** A checkpoint directory that this run has taken over. */
export interface OpenCheckpoint {
  readonly fence: Fence;
  /** What to go on with; `undefined` to begin anew. */
  readonly loaded: LoadedCheckpoint | undefined;
  /** The saved records, partition by partition, by file. */
  readonly records: ReadonlyMap<string, readonly Uint8Array[]>;
  /** Whether there is a checkpoint that this run does not go on with. */
  readonly isIgnored: boolean;
}

/** What becomes of a checkpoint that is there. */
export type CheckpointUse = "recover" | "recoverIfIntact" | "ignore";

/**
 * Takes a checkpoint directory over and reads its newest intact checkpoint with all saved records.
 * @throws MR_CHECKPOINT_DAMAGED unless a checkpoint that is not intact may be ignored; MR_IO
 */
export async function openCheckpoint(
  platform: Platform,
  directory: string,
  use: CheckpointUse,
): Promise<OpenCheckpoint> {
  const { files } = platform;
  await files.mkdirs(directory);
  const found = await listCheckpoint(files, directory);
  const fence = await Fence.take(platform, directory, newestRunOf(found));
  const nothing = { fence, loaded: undefined, records: new Map(), isIgnored: found.snapshots.length > 0 };
  if (use === "ignore") return nothing;
  const records = new Map<string, readonly Uint8Array[]>();
  const readAll = async ({ operators }: Snapshot): Promise<void> => {
    records.clear();
    for (const { records: all } of operators) {
      for (const saved of all) {
        for (const file of filesOf(saved)) {
          records.set(file, await readPartitions(files, `${directory}/${file}`, saved.numPartitions));
        }
      }
    }
  };
  try {
    const loaded = await loadCheckpoint(files, directory, readAll);
    return { fence, loaded, records, isIgnored: false };
  } catch (error) {
    if (use === "recoverIfIntact") return nothing;
    throw error;
  }
}
