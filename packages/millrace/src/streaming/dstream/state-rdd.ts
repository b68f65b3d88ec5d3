import type { StateNode } from "../../plan/index.ts";
import type { RDD } from "../../rdd/index.ts";

/** The version of a state that an RDD shows, if it shows one. */
export function stateOf(rdd: RDD<unknown> | undefined): StateNode | undefined {
  return rdd?.plan.op === "stateView" ? rdd.plan.state : undefined;
}
