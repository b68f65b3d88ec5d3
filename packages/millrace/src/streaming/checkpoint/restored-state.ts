import { HashPartitioner, type Partitioner, type PlanNode, source } from "../../plan/index.ts";
import { FREE } from "../../task/state/entry.ts";
import { StateMap } from "../../task/state/state-map.ts";
import { exportBase, SnapshotLoader } from "../../task/state/state-snapshot.ts";
import type { SavedRecords } from "./snapshot.ts";

/** The snapshots of a partition of a state, a base and deltas. */
type Snapshots = readonly Uint8Array[];

/**
 * The snapshots of a state that was saved, as a plan node with the partitions of `partitioner`. When keys were
 * assigned in another way, they are sorted into these partitions now.
 */
export function stateSeed(
  { chains = [], partitioner: saved }: SavedRecords,
  records: ReadonlyMap<string, readonly Uint8Array[]>,
  partitioner: Partitioner,
): PlanNode {
  const snapshots = chains.map((chain, partition) =>
    chain.map(({ file }) => records.get(file)?.[partition] ?? new Uint8Array()),
  );
  const isAsBefore = saved !== null && partitioner.equals(new HashPartitioner(saved.numPartitions));
  const placed = isAsBefore ? snapshots : repartitioned(snapshots, partitioner);
  return source(
    { operator: "restored state", site: undefined },
    { name: "values" },
    placed.map(values => ({ values })),
  );
}

function repartitioned(all: readonly Snapshots[], partitioner: Partitioner): Snapshots[] {
  const targets = Array.from({ length: partitioner.numPartitions }, newMap);
  for (const snapshots of all) {
    const map = newMap();
    const loader = new SnapshotLoader(map);
    for (const bytes of snapshots) loader.add(bytes);
    for (let entry = 0; entry < map.numEntries; entry++) {
      const { key, state, timeMs } = map.entryAt(entry);
      if (key !== FREE) targets[partitioner.getPartition(key)]?.insert(key, state, timeMs);
    }
  }
  return targets.map(map => [
    exportBase({ map, version: map.commit(), emitted: [], listed: undefined }).bytes,
  ]);
}

/** An empty map that takes entries. */
function newMap(): StateMap {
  const map = new StateMap({ seed: 0, ordersByTime: false });
  map.begin();
  return map;
}
