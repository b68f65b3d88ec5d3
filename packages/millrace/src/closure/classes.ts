import type { AnyClass } from "./closure-types.ts";
import type { ShippedClosure } from "./shipped.ts";

/** Every class that came to this thread or left it, by the hash of what it was shipped as. */
const classes = new Map<string, AnyClass>();
/** What classes were made of that came to this thread: as such they travel on. */
const origins = new WeakMap<AnyClass, ShippedClosure>();

/** The class that is known under a hash in this thread. */
export function classOf(hash: string): AnyClass | undefined {
  return classes.get(hash);
}

/** What a class was made of that came to this thread. */
export function shippedClass(maker: AnyClass): ShippedClosure | undefined {
  return origins.get(maker);
}

/** A class of this thread leaves it. Of two with equal contents the first stands for both. */
export function noteClass({ hash }: ShippedClosure, maker: AnyClass): void {
  if (!classes.has(hash)) classes.set(hash, maker);
}

/** A class came to this thread. */
export function noteRevived(shipped: ShippedClosure, maker: AnyClass): void {
  classes.set(shipped.hash, maker);
  if (!origins.has(maker)) origins.set(maker, shipped);
}
