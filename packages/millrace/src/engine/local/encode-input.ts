import { encodeBlock } from "../../task/codec/columns.ts";
import { mapInputParts } from "../../task/input-parts.ts";
import type { PlainValues } from "../../task/readers/values.ts";
import type { EncodedBlock } from "../../task/shuffle-block.ts";
import type { TaskInput } from "../../task/spec.ts";

import { plainOperation } from "../operation-of.ts";

type Encode = typeof encodeBlock;

/** By split: a partition that is read again, or by a task that is tried again, is encoded once. */
const encodedValues = new WeakMap<PlainValues, EncodedBlock>();

/**
 * The input of a task as it goes to a worker: values the driver holds become bytes in shared memory, which
 * is several times quicker than a structured clone of many strings.
 *
 * @param encode `encodeForThread` where instances of classes shall keep them
 */
export function encodeInput(input: TaskInput, encode: Encode = encodeBlock): TaskInput {
  if (input.op === "read") {
    const { split, operation } = input;
    return {
      ...input,
      ...(operation === undefined ? {} : { operation: plainOperation(operation) }),
      split: hasValues(split) ? { encoded: encoded(split, encode) } : split,
    };
  }
  return mapInputParts(input, part => encodeInput(part, encode));
}

function hasValues(split: unknown): split is PlainValues {
  return Array.isArray((split as Partial<PlainValues> | null)?.values);
}

function encoded(split: PlainValues, encode: Encode): EncodedBlock {
  let block = encodedValues.get(split);
  if (block === undefined) {
    block = encode({ kind: "records", records: split.values });
    encodedValues.set(split, block);
  }
  return block;
}
