import { createRequire } from "node:module";
import { reviveHandle } from "../handles.ts";
import { importerFor } from "../resolve-import.ts";
import type { ShippedClosure, WireNode, WireValue } from "../shipped.ts";
import { compileCode, type Made } from "./compile-code.ts";
import { decodeGlobal, decodeImportMeta, decodeLeaf } from "./decode-leaf.ts";
import { emptyObject } from "./empty-object.ts";
import { contentOf, fillObject, sealObject } from "./fill-object.ts";

type FunctionNode = WireNode & { readonly kind: "function" };

/** Stands for what cannot be made before something that is being made. */
const notYet = Symbol("not yet");

/**
 * Builds the graph of a shipped function again.
 *
 * Objects come first and empty, so that cycles among them are no trouble; only a class has to exist before
 * its instances, and what a function captures before the function. Functions that capture one another get
 * what was missing afterwards.
 */
export class Reviver {
  readonly #shipped: ShippedClosure;
  readonly #imports: ReadonlyMap<number, unknown>;
  readonly #values = new Map<number, unknown>();
  readonly #making = new Set<number>();
  readonly #filled = new Set<number>();
  readonly #late: (() => void)[] = [];
  /** Nothing more can be made properly: leave out what is missing. */
  #force = false;

  /** @param imports the bindings of the import nodes, and the classes that travel by themselves, by node number */
  constructor(shipped: ShippedClosure, imports: ReadonlyMap<number, unknown>) {
    this.#shipped = shipped;
    this.#imports = imports;
  }

  /** Builds everything and answers the root. */
  root(): unknown {
    const { nodes, root } = this.#shipped;
    nodes.forEach((node, id) => {
      if (isPlainData(node)) this.#make(id);
    });
    // A class may look at data while it is evaluated: what is complete is filled before.
    nodes.forEach((node, id) => {
      if (isPlainData(node) && contentOf(node).every(wire => this.#isMade(wire))) this.#fill(id);
    });
    for (let id = 0; id < nodes.length; id++) this.#make(id);
    this.#force = true;
    for (let id = 0; id < nodes.length; id++) this.#make(id);
    for (let id = 0; id < nodes.length; id++) this.#fill(id);
    for (const assign of this.#late) assign();
    for (const [id, node] of nodes.entries()) sealObject(this.#values.get(id), node);
    return this.#decode(root);
  }

  /** The value, or `notYet`. Objects may still be empty. */
  readonly #decode = (wire: WireValue): unknown =>
    typeof wire === "object" && wire !== null && "ref" in wire ? this.#make(wire.ref) : decodeLeaf(wire);

  #isMade(wire: WireValue): boolean {
    return typeof wire !== "object" || wire === null || !("ref" in wire) || this.#values.has(wire.ref);
  }

  #make(id: number): unknown {
    if (this.#values.has(id)) return this.#values.get(id);
    const node = this.#shipped.nodes[id];
    if (node === undefined || this.#making.has(id)) return notYet;
    this.#making.add(id);
    const value = this.#create(id, node);
    this.#making.delete(id);
    if (value !== notYet) this.#values.set(id, value);
    return value;
  }

  #create(id: number, node: WireNode): unknown {
    switch (node.kind) {
      case "function":
        return this.#function(id, node);
      case "prototype": {
        const maker = this.#decode(node.of);
        return maker === notYet ? notYet : (maker as { prototype: object }).prototype;
      }
      case "handle":
        return this.#handle(node.name, node.data);
      case "global":
        return decodeGlobal(node.path);
      case "import":
      case "class":
        return this.#imports.get(id);
      case "require":
        return createRequire(node.base);
      case "importMeta":
        return decodeImportMeta(node.url);
      case "importer":
        return importerFor(node.base);
      default: {
        const proto = "proto" in node && node.proto !== undefined ? this.#decode(node.proto) : undefined;
        if (proto === notYet) return notYet;
        return emptyObject(node, proto as object | null | undefined, this.#decode, this.#shipped.binary);
      }
    }
  }

  #function(id: number, node: FunctionNode): unknown {
    const code = this.#shipped.codes[node.code];
    if (code === undefined) return notYet;
    const self = node.this === undefined ? undefined : this.#decode(node.this);
    if (self === notYet && !this.#force) return notYet;
    const early: number[] = [];
    const values: unknown[] = [];
    const late: number[] = [];
    let own: number | undefined;
    for (const [position, wire] of node.captures.entries()) {
      const isOwn = typeof wire === "object" && wire !== null && "ref" in wire && wire.ref === id;
      if (isOwn && own === undefined && !code.member) {
        own = position;
        continue;
      }
      const value = this.#decode(wire);
      if (value !== notYet) {
        early.push(position);
        values.push(value);
      } else if (code.eager.includes(position) && !this.#force) return notYet;
      else late.push(position);
    }
    const factory = compileCode(code, { early, late, self: own });
    const made = factory.apply(self === notYet ? undefined : self, values) as Made;
    for (const [index, position] of late.entries()) {
      const wire = node.captures[position] ?? null;
      this.#late.push(() => made.assign[index]?.(this.#decode(wire)));
    }
    const fn = code.member ? memberOf(made.value as object) : (made.value as object);
    const named = fn as { readonly name?: unknown };
    if (named.name !== node.name) Object.defineProperty(fn, "name", { value: node.name, configurable: true });
    return fn;
  }

  /** A handle's data is handed over whole. */
  #handle(name: string, wire: WireValue): unknown {
    const data = this.#decode(wire);
    if (data === notYet) return notYet;
    this.#fillBelow(wire);
    return reviveHandle(name, data);
  }

  #fillBelow(wire: WireValue): void {
    if (typeof wire !== "object" || wire === null || !("ref" in wire) || this.#filled.has(wire.ref)) return;
    const node = this.#shipped.nodes[wire.ref];
    const content = node === undefined ? [] : contentOf(node);
    for (const value of content) this.#decode(value);
    this.#fill(wire.ref);
    for (const value of content) this.#fillBelow(value);
  }

  #fill(id: number): void {
    const node = this.#shipped.nodes[id];
    const target = this.#values.get(id);
    if (
      node === undefined ||
      this.#filled.has(id) ||
      (typeof target !== "object" && typeof target !== "function")
    )
      return;
    this.#filled.add(id);
    if (node.kind === "function" && node.prototype !== undefined)
      (target as { prototype: unknown }).prototype = this.#decode(node.prototype);
    if (node.kind === "prototype" && node.proto !== undefined)
      Object.setPrototypeOf(target, this.#decode(node.proto) as object | null);
    fillObject(target as object, node, this.#decode);
  }
}

/** Data that can be made without any function or class. */
function isPlainData(node: WireNode): boolean {
  if (node.kind === "function" || node.kind === "prototype" || node.kind === "handle") return false;
  return !("proto" in node) || node.proto === undefined || node.proto === null;
}

/** The method, getter or setter that an object literal was made for. */
function memberOf(holder: object): object {
  const [descriptor] = Object.values(Object.getOwnPropertyDescriptors(holder)) as PropertyDescriptor[];
  return descriptor?.get ?? descriptor?.set ?? (descriptor?.value as object);
}
