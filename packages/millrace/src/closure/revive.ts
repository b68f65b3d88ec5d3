import { BoundedMap } from "./bounded-map.ts";
import { classOf, noteRevived } from "./classes.ts";
import type { AnyClass, AnyFunction } from "./closure-types.ts";
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

/** The function of a hash, if `reviveClosure` made it here and has not forgotten it. */
export function knownFunction(hash: string): Promise<AnyFunction> | undefined {
  return revived.get(hash);
}

/**
 * Makes a class that was shipped, or finds it: one of each for a thread, which is the program's own where it came from.
 *
 * @throws MR_CLOSURE_REVIVE as `reviveClosure`
 */
export async function reviveClass(shipped: ShippedClosure): Promise<AnyClass> {
  const known = classOf(shipped.hash);
  if (known !== undefined) return known;
  const made = (await reviveClosure(shipped)) as AnyClass;
  noteRevived(shipped, made);
  return made;
}

async function revive(shipped: ShippedClosure): Promise<AnyFunction> {
  const found = await loadImports(shipped.nodes);
  for (const [id, node] of shipped.nodes.entries()) {
    if (node.kind === "class") found.set(id, await reviveClass(node.closure));
  }
  return new Reviver(shipped, found).root() as AnyFunction;
}
