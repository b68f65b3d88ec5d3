import { checkStructure, isDate, type RecordKey } from "./structure.ts";

/**
 * Whether two keys are equal by value. Numbers as in a `Map` (NaN equals itself, -0 equals 0); dates by
 * their time; arrays and plain objects by what they hold, whatever the order of the properties.
 *
 * @throws MR_KEY_UNSUPPORTED when something that is compared cannot be a key
 */
export function keysEqual(a: unknown, b: unknown): boolean {
  return partsEqual(a, b, 0);
}

function partsEqual(a: unknown, b: unknown, depth: number): boolean {
  if (isPrimitive(a) || isPrimitive(b)) return a === b || (Number.isNaN(a) && Number.isNaN(b));
  checkStructure(a, depth);
  checkStructure(b, depth);
  if (isDate(a) || isDate(b)) return isDate(a) && isDate(b) && partsEqual(a.getTime(), b.getTime(), depth);
  if (Array.isArray(a) || Array.isArray(b))
    return Array.isArray(a) && Array.isArray(b) && arraysEqual(a, b, depth);
  return recordsEqual(a as RecordKey, b as RecordKey, depth);
}

function isPrimitive(key: unknown): boolean {
  return key === null || (typeof key !== "object" && typeof key !== "function" && typeof key !== "symbol");
}

function arraysEqual(a: readonly unknown[], b: readonly unknown[], depth: number): boolean {
  if (a.length !== b.length) return false;
  // Not every(), which would pass over the holes of a sparse array.
  for (let i = 0; i < a.length; i++) if (!partsEqual(a[i], b[i], depth + 1)) return false;
  return true;
}

function recordsEqual(a: RecordKey, b: RecordKey, depth: number): boolean {
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every(name => Object.hasOwn(b, name) && partsEqual(a[name], b[name], depth + 1));
}
