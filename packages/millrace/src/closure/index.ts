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
 *   Between threads a class is one for all functions and records that know it (`sharesClasses`, `shipClass`), unless it
 *   captures data that others may share.
 * - **Imports travel as references** to the module and the name, and are imported again.
 *   `import.meta`, `import()` and `require` mean what they mean in the function's own module. A CommonJS
 *   module's whole `module.exports` counts as an import, too.
 * - **Globals** are the other side's own.
 * - **Handles** (`registerHandleKind`) say themselves what crosses; objects marked `unshippable`, sockets,
 *   promises and other things tied to their thread are refused, by name, with advice.
 *
 * Map of the folder, in the order a function passes through it:
 *
 * | step | where |
 * |---|---|
 * | text → what it takes from its surroundings | `syntax/`: `free-variables`, `function-syntax`, `module-syntax` |
 * | V8 → variables, `this`, script | `inspect/`: `describe-function`, `inspector`, `scripts`, `captured-this` |
 * | values → numbered nodes, or a refusal | `encode/`: `encoder`, one file per kind; `origin` words the errors |
 * | the data | `shipped` |
 * | data → function | `revive/`: `reviver`, `compile-code`, `load-imports` |
 *
 * Measured on two cores: reading a function 0.2 ms; shipping it again 0.2 µs when nothing it
 * captures can change, 15 to 40 µs and more with the size of the objects it captures, 0.2 ms when it captures
 * variables that are assigned somewhere. The first function of a process that uses variables of its module
 * costs 30 ms (80 under type stripping) for the sources of the program's scripts, and each arrow function
 * made anew that uses `this` 5 to 15 ms.
 */
import { registerOwnValues } from "./own-values.ts";

export { BoundedMap } from "./bounded-map.ts";
export { classOf } from "./classes.ts";
export {
  type AnyClass,
  type AnyFunction,
  type ClosureContext,
  type ClosureWarning,
  type Unshippable,
  unshippable,
} from "./closure-types.ts";
export { ownConstructor, unshippablePrototype as instanceObstacle } from "./encode/unshippable-values.ts";
export { type HandleKind, registerHandleKind } from "./handles.ts";
export { knownFunction, reviveClass, reviveClosure } from "./revive.ts";
export { checkClosure, shipClass, shipClosure } from "./ship.ts";
export type { ShippedClosure } from "./shipped.ts";

registerOwnValues();
