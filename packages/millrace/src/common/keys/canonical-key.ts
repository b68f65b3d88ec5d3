import { checkStructure, isDate, type RecordKey, sortedNames } from "./structure.ts";

/** A primitive that stands for a key in a `Map` or `Set`. */
export type KeyIdentity = string | number | boolean | bigint | null | undefined;

/**
 * The identity of a key: two keys are equal exactly when their identities are the same to a `Map`.
 *
 * Primitives stand for themselves (a `Map` takes NaN for equal to itself and -0 for 0, as keys do). Dates,
 * arrays and plain objects become texts that begin with NUL; a text that itself begins with NUL gets one
 * more NUL in front, which no structure has in second place. So different types never meet, and ordinary
 * strings cost one look at their first character.
 *
 * @throws MR_KEY_UNSUPPORTED when the key, or something in it, cannot be a key
 */
export function canonicalKey(key: unknown): KeyIdentity {
  if (typeof key === "string") return key.charCodeAt(0) === 0 ? `\0${key}` : key;
  if (isPlainPrimitive(key)) return key;
  return `\0${encode(key, 0)}`;
}

function isPlainPrimitive(key: unknown): key is Exclude<KeyIdentity, string> {
  return (
    key === null ||
    key === undefined ||
    typeof key === "number" ||
    typeof key === "boolean" ||
    typeof key === "bigint"
  );
}

// Every part is a type letter and then a text that tells its own end, so that no two keys read the same.
function encode(key: unknown, depth: number): string {
  switch (typeof key) {
    case "string":
      return `s${key.length}:${key}`;
    case "number":
      return `n${key};`;
    case "boolean":
      return key ? "t" : "f";
    case "bigint":
      return `b${key};`;
    case "undefined":
      return "u";
  }
  if (key === null) return "z";
  checkStructure(key, depth);
  if (isDate(key)) return `d${key.getTime()};`;
  return Array.isArray(key) ? encodeArray(key, depth) : encodeRecord(key as RecordKey, depth);
}

function encodeArray(array: readonly unknown[], depth: number): string {
  let text = "[";
  for (let i = 0; i < array.length; i++) text += encode(array[i], depth + 1);
  return `${text}]`;
}

function encodeRecord(record: RecordKey, depth: number): string {
  let text = "{";
  for (const name of sortedNames(record)) text += `${name.length}:${name}${encode(record[name], depth + 1)}`;
  return `${text}}`;
}
