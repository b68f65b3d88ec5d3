import { millraceError } from "../../common/errors/index.ts";
import { Time } from "../../common/time/index.ts";
import { RDD } from "../../rdd/index.ts";
import type { Operator } from "./operator.ts";
import { sameSlide } from "./same-slide.ts";
import type { StreamNode } from "./stream-node.ts";

/**
 * Whatever `f` makes of the parents' RDDs; `f` runs on the driver while the batch is generated, so what it
 * throws loses the whole batch.
 */
export function transformed<U>(
  kind: string,
  parents: readonly StreamNode<unknown>[],
  f: (rdds: readonly RDD<unknown>[], time: Time) => RDD<U>,
): Operator<U> {
  return {
    kind,
    parents,
    slideMs: sameSlide(kind, parents),
    compute: timeMs => {
      const made: unknown = f(
        parents.map(parent => rddOf(kind, parent, timeMs)),
        new Time(timeMs),
      );
      if (made instanceof RDD) return made;
      throw millraceError(
        "MR_STREAMING_GENERATION_FAILED",
        `Transform function must not return ${describe(made)}, but an RDD`,
        { operator: kind, hint: "Return sparkContext.emptyRDD() for a batch without records." },
      );
    },
  };
}

function rddOf(kind: string, parent: StreamNode<unknown>, timeMs: number): RDD<unknown> {
  const rdd = parent.getOrCompute(timeMs);
  if (rdd !== undefined) return rdd;
  throw millraceError(
    "MR_STREAMING_GENERATION_FAILED",
    `Couldn't generate RDD from parent at time ${timeMs} ms`,
    { operator: kind, site: parent.site.text, hint: "Every parent needs an RDD in every batch." },
  );
}

function describe(made: unknown): string {
  if (made instanceof Promise) return "a promise";
  return made === null || made === undefined ? String(made) : typeof made;
}
