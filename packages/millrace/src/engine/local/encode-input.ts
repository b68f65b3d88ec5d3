import { encodeBlock } from "../../task/codec/columns.ts";
import { mapInputParts } from "../../task/input-parts.ts";
import type { PlainValues } from "../../task/readers/values.ts";
import type { EncodedBlock, PlainBlock } from "../../task/shuffle-block.ts";
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
    block = encode(blockOf(split.values));
    encodedValues.set(split, block);
  }
  return block;
}

/** Pairs go as two columns, which are several times quicker to write and to read than so many small arrays. */
function blockOf(values: readonly unknown[]): PlainBlock {
  if (!values.every(isPair)) return { kind: "records", records: values };
  return { kind: "columns", keys: values.map(([key]) => key), values: values.map(([, value]) => value) };
}

/** Whether a record is a plain array of two: without holes, and without properties as matches of expressions have. */
function isPair(record: unknown): record is [unknown, unknown] {
  return (
    Array.isArray(record) &&
    record.length === 2 &&
    Object.getPrototypeOf(record) === Array.prototype &&
    Object.keys(record).length === 2
  );
}
