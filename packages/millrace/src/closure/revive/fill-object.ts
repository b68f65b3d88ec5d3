import { allFlags } from "../encode/encode-properties.ts";
import type { WireNode, WireProperty, WireValue } from "../shipped.ts";

type Decode = (wire: WireValue) => unknown;

/** What an object holds, beyond what it cannot be made without. */
export function contentOf(node: WireNode): WireValue[] {
  const content: WireValue[] = [];
  if ("props" in node && node.props !== undefined)
    for (const [key, value, , setter] of node.props) content.push(key, value, setter ?? null);
  if (node.kind === "array") for (const item of node.items) content.push(item);
  if (node.kind === "map") for (const [key, value] of node.entries) content.push(key, value);
  if (node.kind === "set") for (const value of node.values) content.push(value);
  if (node.kind === "function" && node.prototype !== undefined) content.push(node.prototype);
  return content;
}

/** Puts an object's contents into it. */
export function fillObject(target: object, node: WireNode, value: Decode): void {
  if (node.kind === "array") {
    const array = target as unknown[];
    for (const item of node.items) {
      if (isHole(item)) array.length++;
      else array.push(value(item));
    }
    array.length = node.length;
  }
  if (node.kind === "map")
    for (const [key, entry] of node.entries) Map.prototype.set.call(target, value(key), value(entry));
  if (node.kind === "set") for (const element of node.values) Set.prototype.add.call(target, value(element));
  if ("props" in node) for (const property of node.props ?? []) defineProperty(target, property, value);
}

/** Freezes, seals or closes an object that was; only when everything is in it. */
export function sealObject(target: unknown, node: WireNode | undefined): void {
  if (node === undefined || !("integrity" in node)) return;
  if (node.integrity === "frozen") Object.freeze(target);
  if (node.integrity === "sealed") Object.seal(target);
  if (node.integrity === "closed") Object.preventExtensions(target);
}

function defineProperty(
  target: object,
  [wireKey, wireValue, flags = allFlags, wireSetter]: WireProperty,
  decode: Decode,
): void {
  const key = decode(wireKey) as PropertyKey;
  const shape = { enumerable: (flags & 2) !== 0, configurable: (flags & 4) !== 0 };
  if (wireSetter !== undefined) {
    const accessor = { get: decode(wireValue), set: decode(wireSetter), ...shape };
    Object.defineProperty(target, key, accessor as PropertyDescriptor);
  } else {
    const value = decode(wireValue);
    // Assigning gives the object the shape the program's own has; a setter above it must not run.
    if (flags === allFlags && !(key in target)) (target as Record<PropertyKey, unknown>)[key] = value;
    else Object.defineProperty(target, key, { value, writable: (flags & 1) !== 0, ...shape });
  }
}

function isHole(wire: WireValue): boolean {
  return typeof wire === "object" && wire !== null && "special" in wire && wire.special === "hole";
}
