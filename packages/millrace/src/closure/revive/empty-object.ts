import type { WireNode, WireValue } from "../shipped.ts";

/** Nodes that are objects of the program with contents, and not functions or references. */
export type ObjectNode = Extract<
  WireNode,
  {
    kind:
      | "object"
      | "array"
      | "map"
      | "set"
      | "date"
      | "regexp"
      | "error"
      | "boxed"
      | "buffer"
      | "view"
      | "url";
  }
>;

/**
 * Makes an object without its contents.
 *
 * @param proto `undefined`: the usual one
 * @param value decodes what it cannot be made without: a time, a buffer
 */
export function emptyObject(
  node: ObjectNode,
  proto: object | null | undefined,
  value: (wire: WireValue) => unknown,
  binary: readonly Uint8Array[],
): object {
  if (node.kind === "object") return proto === undefined ? {} : Object.create(proto);
  const object = ofKind(node, value, binary);
  return proto === undefined ? object : Object.setPrototypeOf(object, proto);
}

function ofKind(
  node: Exclude<ObjectNode, { kind: "object" }>,
  value: (wire: WireValue) => unknown,
  binary: readonly Uint8Array[],
): object {
  switch (node.kind) {
    case "array":
      return [];
    case "map":
      return new Map();
    case "set":
      return new Set();
    case "date":
      return new Date(value(node.time) as number);
    case "regexp":
      return new RegExp(node.source, node.flags);
    case "error":
      return new Error();
    case "boxed":
      return Object(value(node.value));
    case "url":
      return new URL(node.href);
    case "buffer":
      return bufferOf(binary[node.binary] ?? new Uint8Array(), node.shared);
    case "view":
      return viewOf(node.type, value(node.buffer) as ArrayBuffer, node.offset, node.length);
  }
}

/** A copy, since several functions may be made of the same data; shared memory is the same if it came as such. */
function bufferOf(bytes: Uint8Array, shared: boolean): ArrayBufferLike {
  if (!shared) return Uint8Array.prototype.slice.call(bytes).buffer;
  if (bytes.buffer instanceof SharedArrayBuffer) return bytes.buffer;
  const copy = new SharedArrayBuffer(bytes.length);
  new Uint8Array(copy).set(bytes);
  return copy;
}

type ViewConstructor = new (buffer: ArrayBufferLike, offset: number, length: number) => ArrayBufferView;

function viewOf(type: string, buffer: ArrayBufferLike, offset: number, length: number): ArrayBufferView {
  if (type === "Buffer") return Buffer.from(buffer, offset, length);
  const View = (globalThis as unknown as Record<string, ViewConstructor>)[type];
  // An array type this version of Node does not have.
  if (View === undefined) return new Uint8Array(buffer, offset);
  return new View(buffer, offset, length);
}
