export type { AnyFunction, ClosureContext, ClosureWarning, Unshippable } from "./closure-types.ts";
export { unshippable } from "./closure-types.ts";
export { type HandleKind, registerHandleKind } from "./handles.ts";
export { reviveClosure } from "./revive.ts";
export { checkClosure, shipClosure } from "./ship.ts";
export type { ShippedClosure } from "./shipped.ts";
