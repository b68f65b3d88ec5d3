import { millraceError } from "../../common/errors/index.ts";
import type { RDD, SparkContext } from "../../rdd/index.ts";
import type { Operator } from "./operator.ts";
import { sameSlide } from "./same-slide.ts";
import type { StreamNode } from "./stream-node.ts";

/** The records of all parents, in the order of the parents. */
export function unioned<T>(context: SparkContext, parents: readonly StreamNode<T>[]): Operator<T> {
  return {
    kind: "union",
    parents,
    slideMs: sameSlide("union", parents),
    compute: timeMs => context.union(parents.map(parent => rddOf(parent, timeMs))),
  };
}

function rddOf<T>(parent: StreamNode<T>, timeMs: number): RDD<T> {
  const rdd = parent.getOrCompute(timeMs);
  if (rdd !== undefined) return rdd;
  throw millraceError(
    "MR_STREAMING_GENERATION_FAILED",
    `Could not generate RDD from a parent for unifying at time ${timeMs} ms`,
    { operator: "union", site: parent.site.text },
  );
}
