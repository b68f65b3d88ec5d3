import { millraceError } from "../../../common/errors/index.ts";
import { StateSpec } from "../../../streaming/index.ts";
import { FREE } from "../../../task/state/entry.ts";
import type { State } from "../../../task/state/key-state.ts";
import { mapWithState } from "../../../task/state/rules/map-with-state.ts";
import { StateMap } from "../../../task/state/state-map.ts";
import { TestHarness } from "../../test-harness.ts";
import { list, type SequenceAdapter, type UnitAdapter } from "./adapter.ts";

type StateRow = readonly [key: unknown, state: unknown, timeMs: number];

/** What keyed state does to one partition. */
export const stateAdapters: Readonly<Record<string, UnitAdapter>> = {
  "mapWithState default checkpoint interval": async args => {
    const [batchMs, intervalMs] = list(args);
    const harness = new TestHarness({ interval: Number(batchMs) });
    try {
      const mapped = harness
        .addInput<[string, number]>([])
        .stream.mapWithState(
          StateSpec.function((key: string, value: number | undefined) => `${key}${value}`),
        );
      if (intervalMs !== null && intervalMs !== undefined) mapped.checkpoint(Number(intervalMs));
      return {
        outerStreamCheckpointMs: mapped.node.checkpointMs ?? null,
        internalStreamCheckpointMs: mapped.stateCheckpointMs,
      };
    } finally {
      await harness.stop();
    }
  },

  "MapWithStateRDD.createFromPairRDD": args => {
    const [pairs, partitions, timeMs] = list(args);
    const rows = list(pairs).map((pair): StateRow => {
      const [key, state] = list(pair);
      return [key, state, Number(timeMs)];
    });
    return { partitions: Number(partitions), states: rowsOf(mapOf(rows)), mapped: [] };
  },

  "MapWithStateRDDRecord.updateRecordWithData": args => {
    const { initStates, initTime, data, batchTime, timeoutThreshold, removeTimedoutData } =
      args as RecordArguments;
    const log = { timedOut: [] as unknown[], removed: [] as unknown[], functionCalled: false };
    const map = mapOf(initStates.map((state): StateRow => ["key", state, initTime]));
    const update = updateWith((_, command, state) => {
      log.functionCalled = true;
      return perform(command, state, log);
    });
    const mapped = update(
      map,
      data.map(command => ["key", command]),
      batchTime,
      removeTimedoutData ? (timeoutThreshold ?? undefined) : undefined,
    );
    const states = rowsOf(map).map(([, state, timeMs]) => [state, timeMs]);
    const { functionCalled, ...rest } = log;
    return { states, mapped, ...rest, ...(timeoutThreshold === null ? { functionCalled } : {}) };
  },

  MapWithStateRDD: args => {
    const { from, data, time } = args as {
      readonly from: string;
      readonly data: readonly (readonly [unknown, number])[];
      readonly time: number;
    };
    const map = mapOf([
      ["k1", 0, 123],
      ["k2", 0, 123],
    ]);
    const update = updateWith((_, command, state) => {
      if (command === 1) state.update(state.exists() ? Number(state.get()) + 1 : 0);
      if (command === 2 && state.exists()) state.remove();
      return undefined;
    });
    for (const step of historyOf(from)) update(map, step, time, undefined);
    const before = map.version;
    map.retain(before);
    const parent = rowsOf(map);
    update(map, data, time, undefined);
    if (JSON.stringify(rowsOf(map, before)) !== JSON.stringify(parent)) return "the parent changed";
    return { states: rowsOf(map) };
  },
};

/** The updates that led from the first RDD of the suite to one of its later ones. */
function historyOf(rdd: string): readonly (readonly (readonly [unknown, number])[])[] {
  switch (rdd) {
    case "init":
      return [];
    case "rdd1":
      return [[["k3", 1]]];
    case "rdd2":
      return [[["k3", 1]], [["k4", 1]]];
    case "rdd3":
      return [[["k1", 1]]];
    case "rdd5":
      return [[["k1", 2]]];
    case "rdd7":
      return [
        [
          ["k1", 2],
          ["k2", 2],
          ["k3", 1],
        ],
      ];
    default:
      throw millraceError("MR_BAD_ARGUMENT", `nothing is known of ${rdd}`);
  }
}

interface RecordArguments {
  readonly initStates: readonly unknown[];
  readonly initTime: number;
  readonly data: readonly string[];
  readonly batchTime: number;
  readonly timeoutThreshold: number | null;
  readonly removeTimedoutData: boolean;
}

/** The function of the suite: commands as values. */
function perform(
  command: unknown,
  state: State<unknown>,
  log: { readonly timedOut: unknown[]; readonly removed: unknown[] },
): unknown {
  switch (command) {
    case "get-state":
      return state.exists() ? state.get() : -1;
    case "update-state":
      state.update(state.exists() ? Number(state.get()) + 1 : 0);
      return undefined;
    case "remove-state":
      log.removed.push(state.get());
      state.remove();
      return undefined;
    case undefined:
      if (state.isTimingOut()) log.timedOut.push(state.get());
  }
  return undefined;
}

type Call = (key: unknown, value: unknown, state: State<unknown>) => unknown;

/** One batch of `mapWithState` on a map; what is absent is not emitted. */
function updateWith(call: Call) {
  const fn = (_: unknown, key: unknown, value: unknown, state: State<unknown>) => call(key, value, state);
  return (
    map: StateMap,
    data: readonly (readonly [unknown, unknown])[],
    timeMs: number,
    expireBeforeMs: number | undefined,
  ): readonly unknown[] => {
    const params = {
      timeMs,
      form: "timed",
      hasTimeout: expireBeforeMs !== undefined,
      expireBeforeMs,
    } as const;
    map.begin();
    const update = mapWithState.start(map, [fn], params);
    for (const [key, value] of data) update.accept[0]?.(key, value);
    while (!update.finish());
    map.commit();
    return update.emitted;
  };
}

function mapOf(rows: readonly StateRow[]): StateMap {
  const map = new StateMap({ seed: 1, ordersByTime: true, keepsKeys: false });
  map.begin();
  for (const [key, state, timeMs] of rows) map.insert(key, state, timeMs);
  map.commit();
  return map;
}

function rowsOf(map: StateMap, version = map.version): StateRow[] {
  const source = map.isOlder(version) ? map.older(version) : map;
  const rows: StateRow[] = [];
  for (let entry = 0; entry < map.numEntries; entry++) {
    const { key, state, timeMs } = source.entryAt(entry);
    if (key !== FREE) rows.push([key, state, timeMs]);
  }
  return rows.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}

/** Maps by name: `map = parent.copy` makes another, `map.put` and so on work on it. */
export const stateMaps: SequenceAdapter = () => {
  const maps = new Map<string, StateMap>();
  const mapNamed = (name: string): StateMap => {
    const map = maps.get(name) ?? mapOf([]);
    maps.set(name, map);
    return map;
  };
  return (call, stepArgs) => {
    const [, target, name = "map", operation] = /^(?:(\w+) = )?(?:(\w+)\.)(\w+)$/.exec(call) ?? [];
    const map = mapNamed(name);
    const [key, state, timeMs] = list(stepArgs);
    switch (operation) {
      case "copy":
        maps.set(target ?? "copy", map.copyOf(map.version));
        return undefined;
      case "put":
        return change(
          map,
          entry =>
            entry < 0 ? map.insert(key, state, Number(timeMs)) : map.update(entry, state, Number(timeMs)),
          key,
        );
      case "remove":
        return change(map, entry => (entry < 0 ? undefined : map.remove(entry)), key);
      case "get": {
        const entry = map.find(key);
        return entry < 0 ? undefined : map.stateAt(entry);
      }
      case "getByTime":
        return rowsOf(map).filter(row => row[2] < Number(key));
      case "getAll":
        return rowsOf(map);
      default:
        throw millraceError("MR_BAD_ARGUMENT", `maps have no ${call}`);
    }
  };
};

function change(map: StateMap, make: (entry: number) => unknown, key: unknown): undefined {
  map.begin();
  make(map.find(key));
  map.release(map.commit());
}
