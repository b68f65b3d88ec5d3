import type { AnyFunction, ClosureContext, ClosureWarning } from "./closure-types.ts";
import { contentHash } from "./encode/content-hash.ts";
import { Encoder } from "./encode/encoder.ts";
import type { ShippedClosure } from "./shipped.ts";

/** What is known of a function that cannot change. */
interface Stable {
  readonly shipped: ShippedClosure;
  readonly warnings: readonly ClosureWarning[];
}

const stable = new WeakMap<AnyFunction, Stable>();

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
  return stable.get(fn)?.shipped ?? seal(encode(fn, context));
}

interface Encoded {
  readonly root: ShippedClosure["root"];
  readonly encoder: Encoder;
  readonly warnings: readonly ClosureWarning[];
}

function encode(fn: AnyFunction, context: ClosureContext): Encoded {
  const encoder = new Encoder(context);
  const root = encoder.encodeAll(fn);
  const { warnings } = encoder;
  const encoded = { root, encoder, warnings };
  if (encoder.stable) stable.set(fn, { shipped: seal(encoded), warnings });
  return encoded;
}

function seal({ root, encoder: { nodes, codes, binary } }: Encoded): ShippedClosure {
  const content = { root, nodes, codes, binary };
  return { hash: contentHash(content), ...content };
}
