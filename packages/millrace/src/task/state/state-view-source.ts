import { CacheMiss } from "../cached-source.ts";
import { CHUNK_RECORDS, type ChunkSource, valuesSource } from "../chunk.ts";
import type { InputContext } from "../input-context.ts";
import type { TaskInput } from "../spec.ts";
import { EntriesChunk } from "./entries-chunk.ts";
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

/** The keys with their states. */
function entriesSource({ map, version }: StateVersion): ChunkSource {
  const end = map.numEntries;
  let at = 0;
  return {
    next() {
      if (at >= end) return undefined;
      const first = at;
      at = Math.min(end, first + CHUNK_RECORDS);
      return new EntriesChunk(map, version, first, at);
    },
    close() {},
  };
}
