/**
 * A function as data: a graph of numbered nodes. Everything is JSON but the leaves of `binary`, which are
 * byte arrays: structured clone takes them as they are, a text transport has to encode those (base64, say).
 */
export interface ShippedClosure {
  /** Of code and values: equal hashes are the same function. */
  readonly hash: string;
  /** The function. */
  readonly root: WireValue;
  readonly nodes: readonly WireNode[];
  readonly codes: readonly WireCode[];
  /** Contents of array buffers. Over shared memory when the program's was: then a thread sees the same. */
  readonly binary: readonly Uint8Array[];
}

/** A value: itself when JSON has it, or an object with one key. */
export type WireValue =
  | null
  | boolean
  | number
  | string
  | { readonly ref: number }
  | { readonly special: SpecialValue }
  | { readonly bigint: string }
  /** Of `Symbol.for`. */
  | { readonly symbol: string }
  /** `Symbol.iterator` and its like. */
  | { readonly wellKnownSymbol: string };

export type SpecialValue = "undefined" | "NaN" | "Infinity" | "-Infinity" | "-0" | "hole";

/**
 * An own property: key, value and, when they are not all true, its flags (1 writable, 2 enumerable,
 * 4 configurable); an accessor has its setter as fourth part, and its getter as value.
 */
export type WireProperty = readonly [key: WireValue, value: WireValue, flags?: number, setter?: WireValue];

/** What all objects have. */
export interface WireObject {
  /** Absent: the usual one of its kind. */
  readonly proto?: WireValue;
  readonly props?: readonly WireProperty[];
  readonly integrity?: "frozen" | "sealed" | "closed";
}

export type WireNode =
  | (WireObject & { readonly kind: "object" })
  | (WireObject & { readonly kind: "array"; readonly length: number; readonly items: readonly WireValue[] })
  | (WireObject & { readonly kind: "map"; readonly entries: readonly (readonly [WireValue, WireValue])[] })
  | (WireObject & { readonly kind: "set"; readonly values: readonly WireValue[] })
  | (WireObject & { readonly kind: "date"; readonly time: WireValue })
  | (WireObject & { readonly kind: "regexp"; readonly source: string; readonly flags: string })
  | (WireObject & { readonly kind: "error" })
  | (WireObject & { readonly kind: "boxed"; readonly value: WireValue })
  | { readonly kind: "buffer"; readonly binary: number; readonly shared: boolean }
  | (WireObject & {
      readonly kind: "view";
      /** `Uint8Array`, `DataView`, `Buffer` … */
      readonly type: string;
      readonly buffer: WireValue;
      readonly offset: number;
      readonly length: number;
    })
  | { readonly kind: "url"; readonly href: string }
  | (WireObject & {
      readonly kind: "function";
      readonly code: number;
      /** In the order of the code's `names`. */
      readonly captures: readonly WireValue[];
      readonly this?: WireValue;
      readonly name: string;
      /** The node of its `prototype` when that has more than the language gives it. */
      readonly prototype?: WireValue;
    })
  /** The `prototype` of a function or class; `props` when it is more than the source says. */
  | (WireObject & { readonly kind: "prototype"; readonly of: WireValue })
  /** Something every realm has, such as `Math.max`. */
  | { readonly kind: "global"; readonly path: readonly string[] }
  /** A binding of a module. `specifier` is a URL, or as written in the module `base`. `*` is the whole module. */
  | { readonly kind: "import"; readonly specifier: string; readonly base: string; readonly exported: string }
  | { readonly kind: "require"; readonly base: string }
  | { readonly kind: "importMeta"; readonly url: string }
  /** What `import()` does in the module `base`. */
  | { readonly kind: "importer"; readonly base: string }
  /** A class that travels by itself. */
  | { readonly kind: "class"; readonly closure: ShippedClosure }
  /** A value that says itself how it travels. */
  | { readonly kind: "handle"; readonly name: string; readonly data: WireValue };

/** Source shared by the functions made from one piece of text. */
export interface WireCode {
  /** An expression, or a member of an object literal. */
  readonly text: string;
  readonly member: boolean;
  readonly strict: boolean;
  /** Names of the captured variables. */
  readonly names: readonly string[];
  /** Positions in `names` that are used while the code is evaluated. */
  readonly eager: readonly number[];
  readonly url: string;
  /** Where the text starts, from 0. */
  readonly line: number;
  readonly column: number;
}
