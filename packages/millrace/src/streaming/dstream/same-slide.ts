import { millraceError } from "../../common/errors/index.ts";
import type { StreamNode } from "./stream-node.ts";

/**
 * The slide that all `parents` share.
 * @throws MR_BAD_ARGUMENT when there are none, or they are of different contexts
 * @throws MR_STREAMING_DURATION when their slides differ
 */
export function sameSlide(kind: string, parents: readonly StreamNode<unknown>[]): number {
  const first = parents[0];
  if (first === undefined) {
    throw millraceError("MR_BAD_ARGUMENT", `List of DStreams to ${kind} is empty`, { operator: kind });
  }
  if (parents.some(parent => parent.graph !== first.graph)) {
    throw millraceError("MR_BAD_ARGUMENT", "Some of the DStreams have different contexts", {
      operator: kind,
      hint: "Create all of them with the same StreamingContext.",
    });
  }
  if (parents.some(parent => parent.slideMs !== first.slideMs)) {
    throw millraceError("MR_STREAMING_DURATION", "Some of the DStreams have different slide durations", {
      operator: kind,
      hint: "Give all of them the same slide, by window() if need be.",
    });
  }
  return first.slideMs;
}
