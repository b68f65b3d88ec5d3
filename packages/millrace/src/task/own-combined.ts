import { types } from "node:util";

type Copies = Map<object, object>;

/**
 * A copy of a combined value that shares nothing with the original, so that merging may change it in
 * place: blocks of a shuffle within one thread are plain references and may be read again by another job.
 * Instances of classes keep their class. Those whose state lies where it cannot be copied (private fields,
 * the inside of built-in objects) are answered as they are.
 */
export function ownCombined(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return isFlat(value) ? value.slice() : copyOf(value, new Map());
}

/** An array of primitives, as most pairs are: copied without keeping books. */
function isFlat(value: object): value is unknown[] {
  if (!Array.isArray(value)) return false;
  for (const item of value) if (typeof item === "object" && item !== null) return false;
  return true;
}

function copyOf(value: unknown, copies: Copies): unknown {
  if (typeof value !== "object" || value === null) return value;
  const known = copies.get(value);
  if (known !== undefined) return known;
  if (Array.isArray(value)) {
    const copy: unknown[] = [];
    copies.set(value, copy);
    for (const item of value) copy.push(copyOf(item, copies));
    return copy;
  }
  const prototype: object | null = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return copyFields(value, prototype, copies);
  if (prototype === Map.prototype) return copyMap(value as Map<unknown, unknown>, copies);
  if (prototype === Set.prototype) return new Set(value as Set<unknown>);
  if (prototype === Date.prototype) return new Date(value as Date);
  if (Buffer.isBuffer(value)) return Buffer.from(value);
  // A clone would take along the whole memory that it may be a small part of.
  if (types.isTypedArray(value)) return value.slice();
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return structuredClone(value);
  return isCopyable(prototype) ? copyFields(value, prototype, copies) : value;
}

function copyMap(value: ReadonlyMap<unknown, unknown>, copies: Copies): Map<unknown, unknown> {
  const copy = new Map<unknown, unknown>();
  copies.set(value, copy);
  for (const [key, item] of value) copy.set(key, copyOf(item, copies));
  return copy;
}

function copyFields(value: object, prototype: object | null, copies: Copies): object {
  const copy: Record<string, unknown> = Object.create(prototype);
  copies.set(value, copy);
  for (const [key, item] of Object.entries(value)) copy[key] = copyOf(item, copies);
  return copy;
}

const copyable = new WeakMap<object, boolean>();
const PRIVATE_OR_NATIVE = /#[\p{ID_Start}$_]|\[native code\]/u;

/** Whether all state of a class's instances is in plain fields, as far as the text of the class tells. */
function isCopyable(prototype: object): boolean {
  let answer = copyable.get(prototype);
  if (answer === undefined) {
    const parent: object | null = Object.getPrototypeOf(prototype);
    const maker: unknown = prototype.constructor;
    answer =
      typeof maker === "function" &&
      !PRIVATE_OR_NATIVE.test(Function.prototype.toString.call(maker)) &&
      (parent === null || parent === Object.prototype || isCopyable(parent));
    copyable.set(prototype, answer);
  }
  return answer;
}
