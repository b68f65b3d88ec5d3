import { types } from "node:util";
import type { AnyFunction } from "../closure-types.ts";
import { isBuiltin } from "../inspect/describe-function.ts";
import type { WireNode, WireObject, WireValue } from "../shipped.ts";
import { functionSyntax } from "../syntax/function-syntax.ts";
import { encodeProperties } from "./encode-properties.ts";
import type { Encoder } from "./encoder.ts";
import { type Origin, refuse } from "./origin.ts";
import { propertyLabel } from "./property-label.ts";
import { ownConstructor, unshippablePrototype } from "./unshippable-values.ts";
import { wellKnownPath } from "./well-known.ts";

/** A larger typed array is its elements: no names of its own are looked for. */
const LARGE_VIEW_BYTES = 64 * 1024;

/** Encodes an object that is no function and no reference. @throws MR_CLOSURE_UNSHIPPABLE */
export function encodeObject(encoder: Encoder, value: object, origin: Origin | undefined): WireNode {
  const maker = ownConstructor(value);
  if (maker !== undefined && !isBuiltin(maker)) return encodePrototype(encoder, value, maker, origin);
  if (types.isAnyArrayBuffer(value)) return encodeBuffer(encoder, value);
  if (value instanceof URL) return { kind: "url", href: value.href };
  const common = (own: object | null, keys: readonly PropertyKey[]): WireObject => ({
    ...encodeProto(encoder, value, own, origin),
    ...encodeProperties(encoder, value, origin, keys),
  });
  // Listing the keys of a view means a string for each of its elements, and above some millions an error.
  const isLargeView = ArrayBuffer.isView(value) && value.byteLength > LARGE_VIEW_BYTES;
  const keys = isLargeView ? Object.getOwnPropertySymbols(value) : Reflect.ownKeys(value);
  if (Array.isArray(value)) return encodeArray(encoder, value, origin, keys, common);
  if (types.isMap(value)) {
    const entries: [WireValue, WireValue][] = [];
    for (const [key, entry] of Map.prototype.entries.call(value) as Iterable<[unknown, unknown]>) {
      const label =
        typeof key === "string" ? JSON.stringify(key) : typeof key === "object" ? "…" : String(key);
      const at = { parent: origin, label: `.get(${label})` };
      entries.push([encoder.value(key, at), encoder.value(entry, at)]);
    }
    return { kind: "map", entries, ...common(Map.prototype, keys) };
  }
  if (types.isSet(value)) {
    const at = { parent: origin, label: ".values()" };
    const values = Array.from(Set.prototype.values.call(value) as Iterable<unknown>, element =>
      encoder.value(element, at),
    );
    return { kind: "set", values, ...common(Set.prototype, keys) };
  }
  if (types.isDate(value))
    return {
      kind: "date",
      time: encoder.value(Date.prototype.getTime.call(value), origin),
      ...common(Date.prototype, keys),
    };
  if (types.isRegExp(value)) {
    const { source, flags } = value;
    // lastIndex is an own property like others.
    return { kind: "regexp", source, flags, ...common(RegExp.prototype, keys) };
  }
  if (ArrayBuffer.isView(value)) return encodeView(encoder, value, origin, keys, common);
  if (types.isBoxedPrimitive(value)) {
    const inner: unknown = value.valueOf();
    const own = Object.getPrototypeOf(Object(inner)) as object;
    const others = typeof inner === "string" ? keys.filter(key => !(key in Object(inner))) : keys;
    return { kind: "boxed", value: encoder.value(inner, origin), ...common(own, others) };
  }
  if (types.isNativeError(value)) return encodeError(encoder, value, origin, keys);
  return { kind: "object", ...common(Object.prototype, keys) };
}

type Common = (own: object | null, keys: readonly PropertyKey[]) => WireObject;

/** The prototype, when it is not the one that objects of this kind are born with. */
function encodeProto(
  encoder: Encoder,
  value: object,
  own: object | null,
  origin: Origin | undefined,
): Pick<WireObject, "proto"> {
  const prototype = types.isNativeError(value)
    ? errorPrototype(value)
    : (Object.getPrototypeOf(value) as object | null);
  if (prototype === own) return {};
  if (prototype === null) return { proto: null };
  const reason = unshippablePrototype(prototype, own ?? Object.prototype);
  if (reason !== undefined)
    refuse("MR_CLOSURE_UNSHIPPABLE", encoder.context, origin, reason.what, reason.advice);
  return { proto: encoder.value(prototype, { parent: origin, label: ".constructor" }) };
}

function encodePrototype(
  encoder: Encoder,
  value: object,
  maker: AnyFunction,
  origin: Origin | undefined,
): WireNode {
  const of = encoder.value(maker, origin);
  const isClass = functionSyntax(Function.prototype.toString.call(maker))?.kind === "class";
  // A class's source says everything about its prototype.
  if (isClass) return { kind: "prototype", of };
  const keys = Reflect.ownKeys(value).filter(key => key !== "constructor");
  return {
    kind: "prototype",
    of,
    ...encodeProto(encoder, value, Object.prototype, origin),
    ...encodeProperties(encoder, value, origin, keys),
  };
}

function encodeArray(
  encoder: Encoder,
  value: readonly unknown[],
  origin: Origin | undefined,
  keys: readonly PropertyKey[],
  common: Common,
): WireNode {
  const { length } = value;
  // Few elements far apart travel as properties.
  const isSparse = length > 2 * keys.length + 16;
  const items: WireValue[] = [];
  for (let i = 0; i < length && !isSparse; i++) {
    const element = value[i];
    if (element === undefined && !Object.hasOwn(value, i)) items.push({ special: "hole" });
    else
      items.push(
        encoder.value(element, isPlainValue(element) ? origin : { parent: origin, label: propertyLabel(i) }),
      );
  }
  const others = keys.filter(key => key !== "length" && (isSparse || !isIndex(key)));
  return { kind: "array", length, items, ...common(Array.prototype, others) };
}

function isPlainValue(value: unknown): boolean {
  return (
    (typeof value !== "object" || value === null) && typeof value !== "function" && typeof value !== "symbol"
  );
}

function isIndex(key: PropertyKey): boolean {
  return typeof key === "string" && /^(0|[1-9]\d{0,9})$/.test(key) && Number(key) < 2 ** 32 - 1;
}

function encodeBuffer(encoder: Encoder, value: ArrayBuffer | SharedArrayBuffer): WireNode {
  const shared = types.isSharedArrayBuffer(value);
  // Shared memory stays shared between threads; other memory is copied, since the program may change it.
  const bytes = shared ? new Uint8Array(value) : new Uint8Array(value.slice(0));
  return { kind: "buffer", binary: encoder.binary.push(bytes) - 1, shared };
}

function encodeView(
  encoder: Encoder,
  value: ArrayBufferView,
  origin: Origin | undefined,
  keys: readonly PropertyKey[],
  common: Common,
): WireNode {
  const isBuffer = Buffer.isBuffer(value);
  const type = isBuffer ? "Buffer" : types.isDataView(value) ? "DataView" : tagOf(value);
  const own = isBuffer
    ? Buffer.prototype
    : (globalThis as unknown as Record<string, { prototype: object }>)[type]?.prototype;
  const length = types.isDataView(value) ? value.byteLength : (value as Uint8Array).length;
  const others = common(
    own ?? null,
    keys.filter(key => !isIndex(key)),
  );
  // Small Buffers are cut from a pool that holds bytes of anyone.
  const isPooled = isBuffer && value.buffer.byteLength > value.byteLength;
  if (isPooled) {
    const copy = new Uint8Array(value).buffer;
    return {
      kind: "view",
      type,
      buffer: encoder.add({
        kind: "buffer",
        binary: encoder.binary.push(new Uint8Array(copy)) - 1,
        shared: false,
      }),
      offset: 0,
      length,
      ...others,
    };
  }
  return {
    kind: "view",
    type,
    buffer: encoder.value(value.buffer, origin),
    offset: value.byteOffset,
    length,
    ...others,
  };
}

function tagOf(value: ArrayBufferView): string {
  const tag = Object.getOwnPropertyDescriptor(
    Object.getPrototypeOf(Uint8Array.prototype),
    Symbol.toStringTag,
  );
  return String(tag?.get?.call(value));
}

/** Node's own errors have classes of their own that nobody can name: the standard class above them will do. */
function errorPrototype(error: Error): object | null {
  let prototype: object | null = Object.getPrototypeOf(error);
  while (prototype !== null && wellKnownPath(prototype) === undefined) {
    const maker = ownConstructor(prototype);
    if (maker === undefined || !isBuiltin(maker)) break;
    prototype = Object.getPrototypeOf(prototype);
  }
  return prototype;
}

/** An error's stack is no data property of its own in every version of V8. */
function encodeError(
  encoder: Encoder,
  value: Error,
  origin: Origin | undefined,
  keys: readonly PropertyKey[],
): WireNode {
  const { props = [], ...rest } = encodeProperties(
    encoder,
    value,
    origin,
    keys.filter(key => key !== "stack"),
  );
  const proto = encodeProto(encoder, value, Error.prototype, origin);
  return {
    kind: "error",
    ...proto,
    ...rest,
    props: [...props, ["stack", encoder.value(value.stack, origin), 5]],
  };
}
