import { BoundedMap } from "./bounded-map.ts";
import type { AnyFunction } from "./closure-types.ts";
import { loadImports } from "./revive/load-imports.ts";
import { Reviver } from "./revive/reviver.ts";
import type { ShippedClosure } from "./shipped.ts";

/** More than a program's functions; those of a stream that makes new ones each batch are forgotten in time. */
const revived = new BoundedMap<string, Promise<AnyFunction>>(1000);

/**
 * Makes the function that was shipped, in this thread. The same hash gives the same function again, as long
 * as it is among the last thousand used: state a function keeps in what it captures stays.
 *
 * @throws MR_CLOSURE_REVIVE when a module it imports cannot be loaded here or lacks an export
 */
export function reviveClosure(shipped: ShippedClosure): Promise<AnyFunction> {
  const known = revived.get(shipped.hash);
  if (known !== undefined) return known;
  const fresh = revive(shipped);
  revived.set(shipped.hash, fresh);
  // What failed may work later: a module may have been written meanwhile.
  fresh.catch(() => revived.delete(shipped.hash));
  return fresh;
}

async function revive(shipped: ShippedClosure): Promise<AnyFunction> {
  return new Reviver(shipped, await loadImports(shipped.nodes)).root() as AnyFunction;
}
