import { pathToFileURL } from "node:url";
import type { AnyClass, ClosureContext, ClosureWarning } from "../closure-types.ts";
import { handleOf } from "../handles.ts";
import { rememberedImport, rememberImport } from "../revive/revived-imports.ts";
import type { ShippedClosure, WireCode, WireNode, WireValue } from "../shipped.ts";
import { encodeFunction } from "./encode-function.ts";
import { encodeObject } from "./encode-object.ts";
import { type Origin, refuse } from "./origin.ts";
import { unshippableReason } from "./unshippable-values.ts";
import { commonJsFile, nodeModuleReference, wellKnownPath } from "./well-known.ts";

/** How a class travels by itself; `undefined`: it has to travel with what captures it. */
export type ShipClass = (maker: AnyClass) => SharedClass | undefined;

export interface SharedClass {
  readonly closure: ShippedClosure;
  /** Whether nothing in it can change. */
  readonly stable: boolean;
}

interface Pending {
  readonly id: number;
  readonly value: object;
  readonly origin: Origin | undefined;
}

/**
 * Turns a function and all it reaches into numbered nodes. Works off a list instead of recursing, so that
 * long chains of objects are no trouble; nodes are numbered in the order they are met, which makes equal
 * functions equal data.
 */
export class Encoder {
  readonly nodes: WireNode[] = [];
  readonly codes: WireCode[] = [];
  readonly binary: Uint8Array[] = [];
  readonly warnings: ClosureWarning[] = [];
  readonly context: ClosureContext;
  /** Whether encoding the same function again would give the same: nothing in it can change. */
  stable = true;
  readonly #ids = new Map<object, number>();
  readonly #codeIds = new Map<string, number>();
  readonly #addedIds = new Map<string, number>();
  readonly #settled = new Set<number>();
  readonly #pending: Pending[] = [];
  readonly #shipClass: ShipClass | undefined;
  #root: unknown;

  constructor(context: ClosureContext, shipClass?: ShipClass) {
    this.context = context;
    this.#shipClass = shipClass;
  }

  /** Encodes a value with everything reachable from it. */
  encodeAll(root: unknown): WireValue {
    this.#root = root;
    const value = this.value(root, undefined);
    // Appends to the list while it walks it.
    for (const { id, value: object, origin } of this.#pending) {
      if (this.#settled.has(id)) continue;
      const node = this.#node(object, origin);
      if (!this.#settled.has(id)) this.nodes[id] = node;
    }
    return value;
  }

  /** Encodes a value; an object is only numbered now and encoded when its turn comes. */
  value(value: unknown, origin: Origin | undefined): WireValue {
    switch (typeof value) {
      case "string":
      case "boolean":
        return value;
      case "number":
        return encodeNumber(value);
      case "undefined":
        return { special: "undefined" };
      case "bigint":
        return { bigint: String(value) };
      case "symbol":
        return this.#symbol(value, origin);
      case "function":
        return { ref: this.#number(value, origin) };
      case "object":
        return value === null ? null : { ref: this.#number(value, origin) };
    }
  }

  /** Adds a node that is no object of the program. */
  add(node: WireNode): WireValue {
    const key = JSON.stringify(node);
    let id = this.#addedIds.get(key);
    if (id === undefined) {
      id = this.nodes.push(node) - 1;
      this.#addedIds.set(key, id);
    }
    return { ref: id };
  }

  /** Makes a value, wherever it was or will be met, the thing a module gives. */
  imported(value: unknown, node: WireNode): WireValue {
    if ((typeof value !== "object" || value === null) && typeof value !== "function") return this.add(node);
    // Its instances, too, are then those of the module's class.
    if (node.kind === "import" && isClass(value)) rememberImport(value, node);
    let id = this.#ids.get(value);
    if (id === undefined) {
      id = this.nodes.push(node) - 1;
      this.#ids.set(value, id);
    }
    this.nodes[id] = node;
    this.#settled.add(id);
    return { ref: id };
  }

  /** The number of a piece of source. */
  code(code: WireCode): number {
    const key = JSON.stringify(code);
    let id = this.#codeIds.get(key);
    if (id === undefined) {
      id = this.codes.push(code) - 1;
      this.#codeIds.set(key, id);
    }
    return id;
  }

  #number(value: object, origin: Origin | undefined): number {
    let id = this.#ids.get(value);
    if (id === undefined) {
      id = this.nodes.length;
      this.#ids.set(value, id);
      this.nodes.push({ kind: "object" });
      this.#pending.push({ id, value, origin });
    }
    return id;
  }

  #node(value: object, origin: Origin | undefined): WireNode {
    const handle = handleOf(value);
    if (handle !== undefined) {
      this.stable = false;
      return { kind: "handle", name: handle.name, data: this.value(handle.data, origin) };
    }
    const reference = referenceTo(value, origin);
    if (reference !== undefined) return reference;
    const shared = value === this.#root || !isClass(value) ? undefined : this.#shipClass?.(value);
    if (shared !== undefined) {
      this.stable &&= shared.stable;
      return { kind: "class", closure: shared.closure };
    }
    const reason = unshippableReason(value);
    if (reason !== undefined)
      refuse("MR_CLOSURE_UNSHIPPABLE", this.context, origin, reason.what, reason.advice);
    if (typeof value === "function") return encodeFunction(this, value, origin);
    this.stable = false;
    return encodeObject(this, value, origin);
  }

  #symbol(value: symbol, origin: Origin | undefined): WireValue {
    const key = Symbol.keyFor(value);
    if (key !== undefined) return { symbol: key };
    const name = value.description?.replace(/^Symbol\./, "") ?? "";
    if ((Symbol as unknown as Record<string, unknown>)[name] === value) return { wellKnownSymbol: name };
    const advice = `Make it with Symbol.for(${JSON.stringify(value.description ?? "")}): that is the same symbol everywhere.`;
    return refuse(
      "MR_CLOSURE_UNSHIPPABLE",
      this.context,
      origin,
      `the unique symbol ${String(value)}`,
      advice,
    );
  }
}

function isClass(value: object): value is AnyClass {
  return typeof value === "function" && Function.prototype.toString.call(value).startsWith("class");
}

function encodeNumber(value: number): WireValue {
  if (Number.isNaN(value)) return { special: "NaN" };
  if (Object.is(value, -0)) return { special: "-0" };
  if (value === Number.POSITIVE_INFINITY) return { special: "Infinity" };
  if (value === Number.NEGATIVE_INFINITY) return { special: "-Infinity" };
  return value;
}

/** What exists on the other side already, or comes from a module there. */
function referenceTo(value: object, origin: Origin | undefined): WireNode | undefined {
  const path = wellKnownPath(value);
  if (path !== undefined) return { kind: "global", path };
  const imported = rememberedImport(value);
  if (imported !== undefined) return imported;
  // What is reached through other data is data: only functions and variables are looked up.
  if (typeof value !== "function" && origin?.captured === undefined) return undefined;
  const builtin = nodeModuleReference(value);
  if (builtin !== undefined) return { kind: "import", ...builtin, base: "" };
  const file = commonJsFile(value);
  return file === undefined
    ? undefined
    : { kind: "import", specifier: pathToFileURL(file).href, exported: "default", base: "" };
}
