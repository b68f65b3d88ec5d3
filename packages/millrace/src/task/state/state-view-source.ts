import { CacheMiss } from "../cached-source.ts";
import { CHUNK_RECORDS, type ChunkSource, pairsSource, valuesSource } from "../chunk.ts";
import type { InputContext } from "../input-context.ts";
import type { TaskInput } from "../spec.ts";
import { FREE } from "./entry.ts";
import { exportSince } from "./state-snapshot.ts";
import type { StateVersion } from "./state-store.ts";

/** What a stream shows of a version that is kept here. */
export function stateViewSource(
  { node, partition, view }: TaskInput & { readonly op: "stateView" },
  { environment: { states } }: InputContext,
): ChunkSource {
  const version = states.get(node, partition);
  if (version === undefined) throw new CacheMiss(node, partition);
  switch (view.kind) {
    case "nothing":
      return valuesSource([]);
    case "emitted":
      return valuesSource(version.emitted);
    case "entries":
      return version.listed === undefined ? entriesSource(version) : valuesSource(version.listed);
    case "snapshot": {
      const earlier = view.since === undefined ? undefined : states.get(view.since, partition);
      return valuesSource([exportSince(version, earlier, view)]);
    }
  }
}

/** The keys with their states; in whole columns while the map is at this version and has no gaps. */
function entriesSource({ map, version }: StateVersion): ChunkSource {
  const isOlder = map.isOlder(version);
  if (!isOlder && map.size === map.numEntries) return pairsSource(map.keys, map.states);
  const source = isOlder ? map.older(version) : map;
  const end = map.numEntries;
  let at = 0;
  return {
    next() {
      if (at >= end) return undefined;
      const to = Math.min(end, at + CHUNK_RECORDS);
      const keys: unknown[] = [];
      const values: unknown[] = [];
      for (; at < to; at++) {
        const { key, state } = source.entryAt(at);
        if (key === FREE) continue;
        keys.push(key);
        values.push(state);
      }
      return { kind: "pairs", keys, values, from: 0, to: keys.length };
    },
    close() {},
  };
}
