import { types } from "node:util";
import {
  type AnyClass,
  classOf,
  instanceObstacle,
  ownConstructor,
  type ShippedClosure,
  shipClass,
} from "../../closure/index.ts";
import { millraceError } from "../../common/errors/index.ts";

/** The classes that some encoded records are instances of, by hash: whoever decodes must have them in its thread. */
export type ClassBook = Map<string, ShippedClosure>;

/**
 * Values with what V8's serialisation forgets of them. It knows an object again that it has seen before, so the lists
 * refer to the very objects inside `values`.
 */
export interface WithInstances {
  readonly values: readonly unknown[];
  /** Hashes of classes. */
  readonly classes: readonly string[];
  readonly instances: readonly object[];
  /** The position in `classes` of each instance; -1: it has no prototype. */
  readonly kinds: readonly number[];
  /** Maps, sets, dates, errors and so on that have fields of their own, and these. */
  readonly fielded: readonly object[];
  readonly fields: readonly object[];
}

/**
 * The values with what they are instances of; `undefined` when there is nothing to say about them. The classes are
 * entered in `book`.
 *
 * @throws MR_RECORD_UNSHIPPABLE for functions, symbols, and instances whose state nobody can read
 */
export function withInstances(values: readonly unknown[], book: ClassBook): WithInstances | undefined {
  const finder = new InstanceFinder(book);
  for (const value of values) finder.add(value);
  finder.search();
  const { classes, instances, kinds, fielded, fields } = finder;
  if (instances.length === 0 && fielded.length === 0) return undefined;
  return { values, classes, instances, kinds, fielded, fields };
}

/** Whether values come back as they are when they are encoded. */
export function surviveAsBytes(values: readonly unknown[]): boolean {
  try {
    withInstances(values, new Map());
    return true;
  } catch {
    return false;
  }
}

/** The values again; their classes must be known in this thread. */
export function restoreInstances(packed: WithInstances): readonly unknown[] {
  const { values, instances, kinds, fielded, fields } = packed;
  const prototypes = packed.classes.map(hash => {
    const maker = classOf(hash);
    if (maker === undefined) throw millraceError("MR_INTERNAL", `the class ${hash} of a record was not sent`);
    return maker.prototype;
  });
  for (let i = 0; i < instances.length; i++) {
    Object.setPrototypeOf(instances[i], prototypes[kinds[i] as number] ?? null);
  }
  for (let i = 0; i < fielded.length; i++) Object.assign(fielded[i] as object, fields[i]);
  return values;
}

/** Walks through values and all they hold. */
class InstanceFinder {
  readonly classes: string[] = [];
  readonly instances: object[] = [];
  readonly kinds: number[] = [];
  readonly fielded: object[] = [];
  readonly fields: object[] = [];
  readonly #book: ClassBook;
  readonly #seen = new Set<object>();
  readonly #kindOf = new Map<object, number>();

  constructor(book: ClassBook) {
    this.#book = book;
  }

  add(value: unknown): void {
    if (typeof value === "object" && value !== null) {
      if (!isFlat(value)) this.#seen.add(value);
    } else if (typeof value === "function" || typeof value === "symbol") {
      throw stays(typeof value === "function" ? "a function" : `the symbol ${String(value)}`);
    }
  }

  /** Looks into everything that was added, and what is found there. */
  search(): void {
    for (const object of this.#seen) this.#look(object);
  }

  #look(object: object): void {
    const prototype: unknown = Object.getPrototypeOf(object);
    const kind = kindOf(object);
    if (prototype === null) this.#note(object, -1);
    else if (prototype !== kind && !isKnownError(prototype as object)) {
      this.#note(object, this.#class(prototype as object, kind));
      if (kind !== Object.prototype && kind !== Array.prototype) this.#noteFields(object);
    }
    if (kind === Map.prototype) {
      for (const [key, value] of Map.prototype.entries.call(object)) {
        this.add(key);
        this.add(value);
      }
    } else if (kind === Set.prototype) {
      for (const value of Set.prototype.values.call(object)) this.add(value);
    } else if (kind === Object.prototype || kind === Array.prototype) {
      this.#addAll(Object.values(object));
    }
  }

  #addAll(values: readonly unknown[]): void {
    for (let i = 0; i < values.length; i++) this.add(values[i]);
  }

  #note(object: object, kind: number): void {
    this.instances.push(object);
    this.kinds.push(kind);
  }

  /** V8 writes no fields of objects that are more than fields. */
  #noteFields(object: object): void {
    if (ArrayBuffer.isView(object)) return;
    const fields = { ...object };
    const values = Object.values(fields);
    if (values.length === 0) return;
    this.fielded.push(object);
    this.fields.push(fields);
    this.#addAll(values);
  }

  #class(prototype: object, own: object): number {
    let kind = this.#kindOf.get(prototype);
    if (kind === undefined) {
      kind = this.classes.length;
      const shipped = shippedOf(prototype, own);
      this.classes.push(shipped.hash);
      this.#book.set(shipped.hash, shipped);
      this.#kindOf.set(prototype, kind);
    }
    return kind;
  }
}

function shippedOf(prototype: object, own: object): ShippedClosure {
  const obstacle = instanceObstacle(prototype, own);
  if (obstacle !== undefined) throw stays(obstacle.what, obstacle.advice);
  const maker = ownConstructor(prototype);
  if (maker === undefined) throw stays("an object that inherits from another one");
  try {
    return shipClass(maker as AnyClass, { operator: `instances of ${maker.name || "a class"}` });
  } catch (cause) {
    throw stays(
      `an instance of ${maker.name || "a class"}, which cannot go there: ${(cause as Error).message}`,
      undefined,
      cause,
    );
  }
}

function stays(what: string, hint?: string, cause?: unknown): Error {
  return millraceError("MR_RECORD_UNSHIPPABLE", `a record cannot leave its thread: it holds ${what}`, {
    ...(hint === undefined ? {} : { hint }),
    ...(cause === undefined ? {} : { cause }),
  });
}

/** An array or plain object of nothing but primitives: by far the most records are. */
function isFlat(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Array.prototype) {
    const items = value as readonly unknown[];
    for (let i = 0; i < items.length; i++) if (!isPrimitive(items[i])) return false;
    return true;
  }
  if (prototype !== Object.prototype) return false;
  for (const key in value) if (!isPrimitive((value as Record<string, unknown>)[key])) return false;
  return true;
}

function isPrimitive(value: unknown): boolean {
  switch (typeof value) {
    case "object":
      return value === null;
    case "function":
    case "symbol":
      return false;
    default:
      return true;
  }
}

/** The prototype that an object of its inner kind has when no class was derived from it. */
function kindOf(object: object): object {
  const prototype: object | null = Object.getPrototypeOf(object);
  if (prototype === Object.prototype || prototype === Array.prototype) return prototype;
  if (Array.isArray(object)) return Array.prototype;
  if (types.isMap(object)) return Map.prototype;
  if (types.isSet(object)) return Set.prototype;
  if (types.isDate(object)) return Date.prototype;
  if (types.isRegExp(object)) return RegExp.prototype;
  if (types.isNativeError(object)) return Error.prototype;
  if (Buffer.isBuffer(object)) return Buffer.prototype;
  if (ArrayBuffer.isView(object)) return viewPrototype(object);
  if (types.isAnyArrayBuffer(object) || types.isBoxedPrimitive(object)) return prototype ?? Object.prototype;
  return Object.prototype;
}

/** Of `Uint8Array` and its like the prototype that a class may be derived from. */
function viewPrototype(view: object): object {
  let prototype: object = Object.getPrototypeOf(view);
  while (!isGlobal(prototype)) prototype = Object.getPrototypeOf(prototype);
  return prototype;
}

function isGlobal(prototype: object): boolean {
  const maker = ownConstructor(prototype);
  return (globalThis as unknown as Record<string, unknown>)[maker?.name ?? ""] === maker;
}

/** V8 writes the names of the language's own errors. */
function isKnownError(prototype: object): boolean {
  return (prototype === Error.prototype || prototype instanceof Error) && isGlobal(prototype);
}
