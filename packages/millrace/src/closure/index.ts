/**
 * Functions as data. In one thread functions are called as they are; to cross a thread or a machine a
 * function becomes a `ShippedClosure` and is revived on the other side.
 *
 * What happens to what a function captures:
 *
 * - **Values are copied** as they are when the function is shipped: plain objects and instances of classes
 *   (with getters, symbols of `Symbol.for`, frozen or not), arrays with holes, Maps, Sets, Dates, RegExps,
 *   errors, URLs, typed arrays, bigints, cycles. An object captured twice, or by two functions, stays one.
 *   A SharedArrayBuffer stays shared between threads. Variables that two functions share and assign become
 *   two variables; whoever assigns gets a `ClosureWarning`.
 * - **Functions and classes travel as source**, with what they capture. A class's static fields are
 *   evaluated again and then get the values they had. `#private` state cannot be read, so instances of such
 *   classes are refused.
 * - **Imports travel as references** to the module and the name, and are imported again.
 *   `import.meta`, `import()` and `require` mean what they mean in the function's own module. A CommonJS
 *   module's whole `module.exports` counts as an import, too.
 * - **Globals** are the other side's own.
 * - **Handles** (`registerHandleKind`) say themselves what crosses; objects marked `unshippable`, sockets,
 *   promises and other things tied to their thread are refused, by name, with advice.
 *
 * Map of the folder, in the order a function passes through it:
 *
 * | step | files |
 * |---|---|
 * | text → what it takes from its surroundings | `parse-function`, `syntax-scope`, `free-variables`, `function-syntax` |
 * | V8 → variables, `this`, script | `inspector`, `captured-this`, `scripts`, `module-syntax`, `describe-function` |
 * | values → numbered nodes | `encoder`, `encode-function`, `encode-object`, `encode-properties`, `well-known`, `handles` |
 * | refusals | `origin` (the path to a value, the place in the source), `unshippable-values` |
 * | data | `shipped`, `content-hash`, `ship` |
 * | data → function | `load-imports`, `resolve-import`, `compile-code`, `empty-object`, `fill-object`, `reviver`, `revive` |
 */
export {
  type AnyFunction,
  type ClosureContext,
  type ClosureWarning,
  type Unshippable,
  unshippable,
} from "./closure-types.ts";
export { type HandleKind, registerHandleKind } from "./handles.ts";
export { reviveClosure } from "./revive.ts";
export { checkClosure, shipClosure } from "./ship.ts";
export type { ShippedClosure } from "./shipped.ts";
