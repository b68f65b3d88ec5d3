import { millraceError } from "../../../common/errors/index.ts";
import { inverseWindow } from "./inverse-window.ts";
import { mapWithState } from "./map-with-state.ts";
import type { StateRule } from "./rule.ts";
import { updateStateByKey } from "./update-state-by-key.ts";
import { updateStateOfPartition } from "./update-state-of-partition.ts";

export type { StateUpdate } from "./rule.ts";

/** The rules by the name they have in plans. */
const rules = { inverseWindow, mapWithState, updateStateByKey, updateStateOfPartition };

/** The rule of a plan's state. */
export function findRule(name: string): StateRule<unknown> {
  const rule = (rules as unknown as Readonly<Record<string, StateRule<unknown>>>)[name];
  if (rule === undefined) throw millraceError("MR_INTERNAL", `there is no rule ${name} for a state`);
  return rule;
}
