import { type Chunk, type ChunkSource, EMPTY_CHUNK } from "../chunk.ts";
import { appendRecords } from "../iterate.ts";
import type { TaskStateView } from "../spec.ts";
import { FREE } from "./entry.ts";
import type { StateUpdate } from "./rules/index.ts";
import { StateMap } from "./state-map.ts";
import { exportBase } from "./state-snapshot.ts";

/** One record of a version: an entry of the state, or something that was emitted. */
type VersionRecord =
  | readonly [kind: "entry", key: unknown, state: unknown, timeMs: number]
  | readonly [kind: "emitted", record: unknown];

/** A version as records, for engines that keep records but no maps: as many as there are keys. */
export function recordVersion(map: StateMap, emitted: StateUpdate["emitted"]): VersionRecord[] {
  const records: VersionRecord[] = [];
  for (let entry = 0; entry < map.numEntries; entry++) {
    const { key, state, timeMs } = map.entryAt(entry);
    if (key !== FREE) records.push(["entry", key, state, timeMs]);
  }
  for (const record of emitted) records.push(["emitted", record]);
  return records;
}

/** Takes the entries of a recorded version into a map. */
export function loadRecords(chunk: Chunk, map: StateMap): void {
  for (const [kind, key, state, timeMs] of recordsOf(chunk)) {
    if (kind === "entry") map.insert(key, state, timeMs ?? 0);
  }
}

/** What a stream shows of a recorded version. */
export function recordedViewSource(view: TaskStateView, upstream: ChunkSource): ChunkSource {
  const wanted = view.kind;
  if (wanted === "snapshot") return recordedSnapshotSource(upstream);
  const pick = (chunk: Chunk | undefined): Chunk | undefined => {
    if (chunk === undefined) return undefined;
    const values: unknown[] = [];
    for (const record of recordsOf(chunk)) {
      if (record[0] === "entry" && wanted === "entries") values.push([record[1], record[2]]);
      else if (record[0] === "emitted" && wanted === "emitted") values.push(record[1]);
    }
    return { kind: "values", values, from: 0, to: values.length };
  };
  return {
    next() {
      const chunk = upstream.next();
      return chunk instanceof Promise ? chunk.then(pick) : pick(chunk);
    },
    close: () => upstream.close(),
  };
}

/** The whole of a recorded version as one snapshot: what changed since an earlier one is not known. */
function recordedSnapshotSource(upstream: ChunkSource): ChunkSource {
  const map = new StateMap({ seed: 0, ordersByTime: false, keepsKeys: false });
  map.begin();
  let isDone = false;
  const take = (chunk: Chunk | undefined): Chunk | undefined => {
    if (chunk !== undefined) {
      loadRecords(chunk, map);
      return EMPTY_CHUNK;
    }
    isDone = true;
    const snapshot = exportBase({ map, version: map.commit(), emitted: [], listed: undefined });
    return { kind: "values", values: [snapshot], from: 0, to: 1 };
  };
  return {
    next() {
      if (isDone) return undefined;
      const chunk = upstream.next();
      return chunk instanceof Promise ? chunk.then(take) : take(chunk);
    },
    close: () => upstream.close(),
  };
}

function recordsOf(chunk: Chunk): VersionRecord[] {
  const records: unknown[] = [];
  appendRecords(chunk, records);
  return records as VersionRecord[];
}
