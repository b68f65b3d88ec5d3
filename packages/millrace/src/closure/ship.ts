import { noteClass, shippedClass } from "./classes.ts";
import type { AnyClass, AnyFunction, ClosureContext, ClosureWarning } from "./closure-types.ts";
import { contentHash } from "./encode/content-hash.ts";
import { Encoder, type SharedClass } from "./encode/encoder.ts";
import { standsAlone } from "./encode/stands-alone.ts";
import type { ShippedClosure } from "./shipped.ts";

/** What is known of a function that cannot change. */
interface Stable {
  readonly shipped: ShippedClosure;
  readonly warnings: readonly ClosureWarning[];
}

/** Functions whose classes travel with them, and those whose classes travel by themselves. */
const stable = new WeakMap<AnyFunction, Stable>();
const stableSharing = new WeakMap<AnyFunction, Stable>();
/** Classes that are being shipped: what refers to them in a circle takes them along. */
const shipping = new Set<AnyClass>();

/**
 * Checks that a function can be sent to another thread or machine, with all it captures, as far as that can
 * be told now: what it captures may change until it is shipped.
 *
 * @returns a warning for each captured variable it assigns
 * @throws MR_CLOSURE_UNSHIPPABLE naming the captured variable, file and line, when one cannot be sent
 * @throws MR_CLOSURE_NATIVE when the function, or one it captures, is native code or bound
 */
export function checkClosure(fn: AnyFunction, context: ClosureContext): readonly ClosureWarning[] {
  const known = stable.get(fn);
  if (known !== undefined && known.warnings.length === 0) return known.warnings;
  return encode(fn, context).warnings;
}

/**
 * Turns a function into data: its code, the values it captures as they are now, and references to the
 * modules it imports from. Equal code and values give equal hashes.
 *
 * @throws MR_CLOSURE_UNSHIPPABLE, MR_CLOSURE_NATIVE as `checkClosure`
 */
export function shipClosure(fn: AnyFunction, context: ClosureContext): ShippedClosure {
  const books = context.sharesClasses === true ? stableSharing : stable;
  return books.get(fn)?.shipped ?? seal(encode(fn, context));
}

/**
 * Turns a class into data, for its instances to keep it wherever they go. `classOf` gives this very class for what came
 * from here, and `reviveClass` one class for all instances and functions of another thread.
 *
 * @throws MR_CLOSURE_UNSHIPPABLE, MR_CLOSURE_NATIVE as `checkClosure`
 */
export function shipClass(maker: AnyClass, context: ClosureContext): ShippedClosure {
  const known = shippedClass(maker);
  if (known !== undefined) return known;
  shipping.add(maker);
  try {
    const shipped = shipClosure(maker, { ...context, sharesClasses: true });
    noteClass(shipped, maker);
    return shipped;
  } finally {
    shipping.delete(maker);
  }
}

interface Encoded {
  readonly root: ShippedClosure["root"];
  readonly encoder: Encoder;
  readonly warnings: readonly ClosureWarning[];
}

function encode(fn: AnyFunction, context: ClosureContext): Encoded {
  const isSharing = context.sharesClasses === true;
  const shipOne = (maker: AnyClass): SharedClass | undefined => {
    if (shipping.has(maker)) return undefined;
    const closure = shipClass(maker, context);
    const isStable = shippedClass(maker) !== undefined || stableSharing.has(maker);
    return standsAlone(closure) ? { closure, stable: isStable } : undefined;
  };
  const encoder = new Encoder(context, isSharing ? shipOne : undefined);
  const root = encoder.encodeAll(fn);
  const { warnings } = encoder;
  const encoded = { root, encoder, warnings };
  if (encoder.stable) (isSharing ? stableSharing : stable).set(fn, { shipped: seal(encoded), warnings });
  return encoded;
}

function seal({ root, encoder: { nodes, codes, binary } }: Encoded): ShippedClosure {
  const content = { root, nodes, codes, binary };
  return { hash: contentHash(content), ...content };
}
