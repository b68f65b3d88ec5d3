import assert from "node:assert/strict";
import { test } from "node:test";
import { SeededRandom } from "../../common/platform/deterministic/random.ts";
import type { SnapshotPart } from "../../plan/index.ts";
import { FREE } from "./entry.ts";
import { StateMap } from "./state-map.ts";
import { exportSince, SnapshotLoader, type StateSnapshot } from "./state-snapshot.ts";
import type { StateVersion } from "./state-store.ts";

type Model = ReadonlyMap<string, number>;

const newMap = () => new StateMap({ seed: 7, ordersByTime: false, keepsKeys: false });
const versionOf = (map: StateMap, version: number): StateVersion => ({
  map,
  version,
  emitted: [],
  listed: undefined,
});

/** One more version of so many random changes, and what it has. */
function change(map: StateMap, model: Model, random: SeededRandom, changes: number, keys: number) {
  const next = new Map(model);
  map.begin();
  for (let i = 0; i < changes; i++) {
    const key = `key ${random.nextUint32() % keys}`;
    const entry = map.find(key);
    if (random.nextUint32() % 3 > 0) {
      if (entry < 0) map.insert(key, i, i);
      else map.update(entry, i, i);
      next.set(key, i);
    } else if (entry >= 0) {
      map.remove(entry);
      next.delete(key);
    }
  }
  return { version: map.commit(), model: next };
}

function loaded(snapshots: readonly StateSnapshot[]): Model {
  const map = newMap();
  map.begin();
  const loader = new SnapshotLoader(map);
  for (const { bytes } of snapshots) loader.add(bytes);
  const model = new Map<string, number>();
  for (let entry = 0; entry < map.numEntries; entry++) {
    const { key, state } = map.entryAt(entry);
    if (key !== FREE) model.set(key as string, state as number);
  }
  return model;
}

/** The slices of a snapshot, the map moving on after each of them. */
function slicesOf(
  later: StateVersion,
  earlier: StateVersion | undefined,
  part: SnapshotPart | undefined,
  length: number,
  moveOn: () => void,
): StateSnapshot {
  const slices: StateSnapshot[] = [];
  do {
    slices.push(exportSince(later, earlier, { part, slice: { from: slices.length * length, length } }));
    moveOn();
  } while (slices.at(-1)?.isLast === false);
  const [first] = slices as [StateSnapshot];
  return {
    ...first,
    bytes: Buffer.concat(slices.map(({ bytes }) => bytes)),
    numChanges: slices.reduce((sum, { numChanges }) => sum + numChanges, 0),
  };
}

for (const length of [1, 7, 100, 10_000]) {
  test(`slices of ${length} are the whole together, although the map moves on`, () => {
    const random = new SeededRandom(length);
    const map = newMap();
    const first = change(map, new Map(), random, 600, 400);
    const second = change(map, first.model, random, 200, 500);
    const moveOn = () => void change(map, new Map(), random, 10, 600);
    const base = slicesOf(versionOf(map, first.version), undefined, undefined, length, moveOn);
    const delta = slicesOf(
      versionOf(map, second.version),
      versionOf(map, first.version),
      undefined,
      length,
      moveOn,
    );
    assert.deepEqual([base.kind, delta.kind], ["base", "delta"]);
    assert.deepEqual([base.numKeys, delta.numKeys], [first.model.size, second.model.size]);
    assert.ok(base.numChanges === first.model.size && delta.numChanges < 200);
    assert.deepEqual(loaded([base]), first.model);
    assert.deepEqual(loaded([base, delta]), second.model);
  });
}

test("the parts of as many deltas in a row have every entry, whatever the slices", () => {
  const random = new SeededRandom(5);
  const map = newMap();
  let last = change(map, new Map(), random, 20_000, 5_000);
  const deltas: StateSnapshot[] = [];
  for (let index = 0; index < 4; index++) {
    const next = change(map, last.model, random, 50, 6_000);
    const [later, earlier] = [versionOf(map, next.version), versionOf(map, last.version)];
    deltas.push(slicesOf(later, earlier, { index, of: 4 }, 300, () => {}));
    last = next;
  }
  assert.deepEqual(loaded(deltas), last.model);
});
