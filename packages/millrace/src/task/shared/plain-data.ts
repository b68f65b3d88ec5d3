import { types } from "node:util";

/**
 * Whether a structured clone of a value is the value again: no functions, no instances of classes other than the
 * language's own collections, dates and binary data, anywhere in it.
 */
export function isPlainData(value: unknown): boolean {
  if (!isObject(value)) return typeof value !== "function" && typeof value !== "symbol";
  const seen = new Set<object>([value]);
  for (const object of seen) {
    const inside = insideOf(object);
    if (inside === undefined) return false;
    for (const part of inside) {
      if (isObject(part)) seen.add(part);
      else if (typeof part === "function" || typeof part === "symbol") return false;
    }
  }
  return true;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

const NOTHING: readonly unknown[] = [];

/** What lies directly in an object; `undefined` when the object itself is more than its contents. */
function insideOf(object: object): Iterable<unknown> | undefined {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype === Array.prototype) return object as readonly unknown[];
  if (prototype === Object.prototype) return Object.values(object);
  if (prototype === Map.prototype) return flattened(object as ReadonlyMap<unknown, unknown>);
  if (prototype === Set.prototype) return object as ReadonlySet<unknown>;
  if (prototype === Date.prototype || Buffer.isBuffer(object)) return NOTHING;
  const isBinary = types.isTypedArray(object) || types.isArrayBuffer(object) || types.isDataView(object);
  return isBinary ? NOTHING : undefined;
}

function* flattened(map: ReadonlyMap<unknown, unknown>): Iterable<unknown> {
  for (const [key, value] of map) {
    yield key;
    yield value;
  }
}
