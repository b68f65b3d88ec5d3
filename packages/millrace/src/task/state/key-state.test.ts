import assert from "node:assert/strict";
import { test } from "node:test";
import { KeyState } from "./key-state.ts";

const refused = { code: "MR_STATE_CHANGE", name: "IllegalArgumentException" };
const flags = (state: KeyState<number>) => [
  state.exists(),
  state.getOption(),
  state.isTimingOut(),
  state.isUpdated,
  state.isRemoved,
];

test("[case 188] get, exists, update, remove", () => {
  const state = new KeyState<number>();
  assert.deepEqual(flags(state), [false, undefined, false, false, false]);
  assert.throws(() => state.get(), { code: "MR_STATE_NOT_SET", name: "NoSuchElementException" });
  assert.equal(String(state), "<state not set>");
  state.wrap(true, 1);
  assert.deepEqual([state.get(), ...flags(state)], [1, true, 1, false, false, false]);
  state.update(2);
  assert.deepEqual([state.get(), ...flags(state)], [2, true, 2, false, true, false]);
  assert.equal(String(state), "2");
  state.remove();
  assert.deepEqual(flags(state), [false, undefined, false, false, true]);
  assert.throws(() => state.remove(), refused);
  assert.throws(() => state.update(-1), refused);
  state.wrapTimingOut(3);
  assert.deepEqual([state.get(), ...flags(state)], [3, true, 3, true, false, false]);
  assert.throws(() => state.remove(), refused);
  assert.throws(() => state.update(-1), refused);
  state.wrap(false, undefined);
  state.update(4);
  assert.deepEqual(flags(state), [true, 4, false, true, false]);
});

test("an object is handed out as a copy, once", () => {
  const kept = { list: [1] };
  const state = new KeyState<{ list: number[] }>();
  state.wrap(true, kept);
  state.get().list.push(2);
  state.get().list.push(3);
  assert.deepEqual([kept.list, state.current?.list, state.isHandedOut], [[1], [1, 2, 3], true]);
});
