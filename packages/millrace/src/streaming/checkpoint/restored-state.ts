import { type MillraceError, millraceError } from "../../common/errors/index.ts";
import { HashPartitioner, type Partitioner, type PlanNode, source } from "../../plan/index.ts";
import { FREE } from "../../task/state/entry.ts";
import { StateMap } from "../../task/state/state-map.ts";
import { exportBase, SnapshotLoader } from "../../task/state/state-snapshot.ts";
import type { StateMigration } from "../dstream/state-form.ts";
import type { SavedRecords } from "./snapshot.ts";

/** The snapshots of a partition of a state, a base and deltas. */
type Snapshots = readonly Uint8Array[];

/** What was read again, partition by partition, by file. */
type ReadFiles = ReadonlyMap<string, readonly Uint8Array[]>;

/** Whether keys were assigned to the saved partitions as `partitioner` does. */
export function isPartitionedBy({ partitioner: saved }: SavedRecords, partitioner: Partitioner): boolean {
  return saved !== null && partitioner.equals(new HashPartitioner(saved.numPartitions));
}

/** The snapshots of a state that was saved, as a plan node with the partitions it had. */
export function stateSeed(saved: SavedRecords, records: ReadFiles): PlanNode {
  return seed(snapshotsOf(saved, records));
}

/** The same, with all keys in the partitions of `partitioner`, after what `migrate` makes of them. */
export function rewrittenSeed(
  saved: SavedRecords,
  records: ReadFiles,
  partitioner: Partitioner,
  migrate: StateMigration<unknown, unknown> | undefined,
): PlanNode {
  return seed(rewritten(snapshotsOf(saved, records), partitioner, migrateFrom(saved, migrate)));
}

type Rewrite = (key: unknown, state: unknown) => readonly [key: unknown, state: unknown] | undefined;

function migrateFrom(
  { stateVersion = 0 }: SavedRecords,
  migrate: StateMigration<unknown, unknown> | undefined,
): Rewrite {
  if (migrate === undefined) return (key, state) => [key, state];
  return (key, state) => {
    try {
      return migrate(key, state, stateVersion);
    } catch (error) {
      throw notMigrated(`the migration function failed for the key ${JSON.stringify(key)}`, error);
    }
  };
}

function seed(partitions: readonly Snapshots[]): PlanNode {
  const splits = partitions.map(values => ({ values }));
  return source({ operator: "restored state", site: undefined }, { name: "values" }, splits);
}

function snapshotsOf({ chains = [] }: SavedRecords, records: ReadFiles): Snapshots[] {
  return chains.map((chain, partition) =>
    chain.map(({ file }) => records.get(file)?.[partition] ?? new Uint8Array()),
  );
}

function rewritten(all: readonly Snapshots[], partitioner: Partitioner, rewrite: Rewrite): Snapshots[] {
  const targets = Array.from({ length: partitioner.numPartitions }, newMap);
  for (const snapshots of all) {
    const map = newMap();
    const loader = new SnapshotLoader(map);
    for (const bytes of snapshots) loader.add(bytes);
    for (let entry = 0; entry < map.numEntries; entry++) {
      const { key, state, timeMs } = map.entryAt(entry);
      const entryNow = key === FREE ? undefined : rewrite(key, state);
      if (entryNow === undefined) continue;
      const [keyNow, stateNow] = entryNow;
      const target = targets[partitioner.getPartition(keyNow)];
      if (target === undefined || target.find(keyNow) >= 0)
        throw notMigrated(`it would have two states for the key ${JSON.stringify(keyNow)}`);
      target.insert(keyNow, stateNow, timeMs);
    }
  }
  return targets.map(map => [
    exportBase({ map, version: map.commit(), emitted: [], listed: undefined }).bytes,
  ]);
}

function notMigrated(why: string, cause?: unknown): MillraceError {
  return millraceError("MR_CHECKPOINT_MISMATCH", `A saved state cannot be migrated: ${why}`, { cause });
}

/** An empty map that takes entries. */
function newMap(): StateMap {
  const map = new StateMap({ seed: 0, ordersByTime: false, keepsKeys: false });
  map.begin();
  return map;
}
