import { types } from "node:util";
import { type MillraceError, millraceError } from "../errors/index.ts";

/** A plain object as a key: its own enumerable properties with string names, in no order. */
export type RecordKey = Readonly<Record<string, unknown>>;

/** Deeper keys are taken for cyclic. */
const maximumDepth = 100;

/**
 * Asserts that a key which is no primitive has a value to compare: a date, an array or a plain object.
 * What they hold is looked at when it is reached.
 *
 * @throws MR_KEY_UNSUPPORTED for functions, symbols, instances of classes, and cycles
 */
export function checkStructure(
  key: unknown,
  depth: number,
): asserts key is Date | readonly unknown[] | RecordKey {
  if (typeof key !== "object" || key === null) throw unsupported(`a ${typeof key}`);
  if (depth > maximumDepth) throw unsupported(`cyclic, or nested more than ${maximumDepth} levels deep`);
  if (Array.isArray(key) || isDate(key) || isPlain(key)) return;
  throw unsupported(`an instance of ${key.constructor?.name || "a class"}`);
}

/** Whether a key is a date, also one from another realm. */
export function isDate(key: object): key is Date {
  return types.isDate(key);
}

/** The names of a record in a fixed order. */
export function sortedNames(record: RecordKey): string[] {
  return Object.keys(record).sort();
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  // Object.prototype of any realm is the one prototype that has none itself.
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

function unsupported(what: string): MillraceError {
  return millraceError("MR_KEY_UNSUPPORTED", `A key cannot be ${what}`);
}
