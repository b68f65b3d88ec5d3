import type { AnyFunction } from "../../closure/index.ts";

/**
 * Functions of the core that tasks run (the body of `glom`, of `saveAsTextFile`, …). They are there wherever
 * tasks run and travel by name; functions of users travel as closures.
 */
const byName = new Map<string, AnyFunction>();
const names = new WeakMap<AnyFunction, string>();

/** Registers a function of the core; answers it. Names must be unique. */
export function registerBuiltin<F extends AnyFunction>(name: string, fn: F): F {
  const key = `builtin:${name}`;
  byName.set(key, fn);
  names.set(fn, key);
  return fn;
}

/** The name a function of the core travels by; `undefined` for a user's. */
export function builtinName(fn: AnyFunction): string | undefined {
  return names.get(fn);
}

/** The function of a name that `builtinName` gave. */
export function builtin(name: string): AnyFunction | undefined {
  return byName.get(name);
}
