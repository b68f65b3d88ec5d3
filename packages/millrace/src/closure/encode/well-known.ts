import { builtinModules, createRequire } from "node:module";
import { types } from "node:util";

/** What a value is a reference to, instead of being copied. */
export interface ModuleReference {
  readonly specifier: string;
  readonly exported: string;
}

/** Of the language and of Node. Others load whole libraries when one looks at them (`FormData`, streams). */
const globalNames = [
  ..."globalThis Object Function Array Number Boolean String Symbol BigInt Date RegExp Promise Proxy Math JSON Reflect".split(
    " ",
  ),
  ..."Intl Atomics WebAssembly Iterator Map Set WeakMap WeakSet WeakRef FinalizationRegistry ArrayBuffer".split(
    " ",
  ),
  ..."SharedArrayBuffer DataView Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array".split(
    " ",
  ),
  ..."Uint32Array Float16Array Float32Array Float64Array BigInt64Array BigUint64Array Error AggregateError".split(
    " ",
  ),
  ..."EvalError RangeError ReferenceError SyntaxError TypeError URIError DOMException parseInt parseFloat isNaN".split(
    " ",
  ),
  ..."isFinite encodeURI encodeURIComponent decodeURI decodeURIComponent escape unescape eval console process".split(
    " ",
  ),
  ..."Buffer URL URLSearchParams TextEncoder TextDecoder atob btoa structuredClone queueMicrotask fetch".split(
    " ",
  ),
  ..."setTimeout setInterval setImmediate clearTimeout clearInterval clearImmediate".split(" "),
];
let globals: Map<unknown, readonly string[]> | undefined;

/** The path of a function or object that every realm has, such as `["Math", "max"]`. */
export function wellKnownPath(value: object): readonly string[] | undefined {
  globals ??= collectGlobals();
  return globals.get(value);
}

function collectGlobals(): Map<unknown, readonly string[]> {
  const found = new Map<unknown, readonly string[]>();
  const add = (value: unknown, path: readonly string[]): boolean => {
    if (!isReference(value) || found.has(value)) return false;
    found.set(value, path);
    return true;
  };
  for (const name of globalNames) {
    const value = globalValue(name);
    if (!add(value, [name]) || !isReference(value) || value === globalThis) continue;
    // Of what the globals hold only functions: objects such as `process.env` are data.
    for (const key of Object.getOwnPropertyNames(value)) {
      const member = dataOf(value, key);
      if (typeof member === "function") add(member, [name, key]);
    }
    const prototype = dataOf(value, "prototype");
    if (typeof value !== "function" || !add(prototype, [name, "prototype"])) continue;
    for (const key of Object.getOwnPropertyNames(prototype)) {
      const member = dataOf(prototype as object, key);
      if (typeof member === "function") add(member, [name, "prototype", key]);
    }
  }
  return found;
}

let loaded = 0;
let exportsByIdentity = new Map<unknown, ModuleReference>();

/** What module of Node's own a value comes from: the module itself, or one of its exports. */
export function nodeModuleReference(value: object): ModuleReference | undefined {
  const list = (process as unknown as { moduleLoadList: readonly string[] }).moduleLoadList;
  if (list.length !== loaded) {
    loaded = list.length;
    exportsByIdentity = collectNodeExports(new Set(list));
  }
  return exportsByIdentity.get(value);
}

/** Only modules that are loaded already can have given the program a value; loading others takes time. */
function collectNodeExports(list: ReadonlySet<string>): Map<unknown, ModuleReference> {
  const found = new Map<unknown, ModuleReference>();
  for (const name of builtinModules) {
    if (!list.has(`NativeModule ${name}`) || name.startsWith("_")) continue;
    const exports: unknown = process.getBuiltinModule(name);
    if (!isReference(exports)) continue;
    const specifier = `node:${name}`;
    if (!found.has(exports)) found.set(exports, { specifier, exported: "default" });
    for (const key of Object.keys(exports)) {
      const member = dataOf(exports, key);
      if (typeof member === "function" && !found.has(member)) found.set(member, { specifier, exported: key });
    }
  }
  return found;
}

const requireCache = createRequire(import.meta.url).cache;
let filesSeen = 0;
let filesByExports = new Map<unknown, string>();

/** The CommonJS file whose `module.exports` a value is. The program's main file is no module to load again. */
export function commonJsFile(value: object): string | undefined {
  const files = Object.keys(requireCache);
  if (files.length !== filesSeen) {
    filesSeen = files.length;
    filesByExports = new Map();
    for (const file of files) {
      const module = requireCache[file];
      if (module === undefined || module.id === "." || !module.loaded) continue;
      const exports: unknown = module.exports;
      if (isReference(exports) && !types.isModuleNamespaceObject(exports)) filesByExports.set(exports, file);
    }
  }
  return filesByExports.get(value);
}

/** Some of the globals named above are getters in some versions of Node; none is costly. */
function globalValue(name: string): unknown {
  return (globalThis as unknown as Record<string, unknown>)[name];
}

function dataOf(holder: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(holder, key)?.value;
}

function isReference(value: unknown): value is object {
  return typeof value === "function" || (typeof value === "object" && value !== null);
}
