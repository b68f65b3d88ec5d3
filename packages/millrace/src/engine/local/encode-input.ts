import { mapInputParts } from "../../task/input-parts.ts";
import type { PlainValues } from "../../task/readers/values.ts";
import type { EncodedBlock } from "../../task/shuffle-block.ts";
import { encodeBlock } from "../../task/shuffle-codec.ts";
import type { TaskInput } from "../../task/spec.ts";

/** By split: a partition that is read again, or by a task that is tried again, is encoded once. */
const encodedValues = new WeakMap<PlainValues, EncodedBlock>();

/**
 * The input of a task as it goes to a worker: values the driver holds become bytes in shared memory, which
 * is several times quicker than a structured clone of many strings.
 */
export function encodeInput(input: TaskInput): TaskInput {
  if (input.op === "read" && hasValues(input.split)) {
    return { ...input, split: { encoded: encoded(input.split) } };
  }
  return mapInputParts(input, encodeInput);
}

function hasValues(split: unknown): split is PlainValues {
  return Array.isArray((split as Partial<PlainValues> | null)?.values);
}

function encoded(split: PlainValues): EncodedBlock {
  let block = encodedValues.get(split);
  if (block === undefined) {
    block = encodeBlock({ kind: "records", records: split.values });
    encodedValues.set(split, block);
  }
  return block;
}
