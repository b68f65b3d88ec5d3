import type { FunctionSyntax } from "../syntax/function-syntax.ts";
import { inspector } from "./inspector.ts";

interface Trap {
  readonly call: () => unknown;
  readonly hit: (self: unknown) => false;
}

const trapSymbol = Symbol.for("millrace.closure.trap");
const trapExpression = `globalThis[Symbol.for(${JSON.stringify(trapSymbol.description)})]`;
/** Bounds the call below; it ends at once, whatever this is. */
const callLimitMs = 1000;

const known = new WeakMap<object, { readonly value: unknown }>();

/**
 * The `this` an arrow function took from the function around it.
 *
 * V8 lists no `this` among the variables of a scope; only the debugger evaluates it, and only in a call. So
 * the function is called with a breakpoint on its first instruction, whose condition notes `this` and asks
 * V8 to terminate the call: that happens before any statement of the body. Parameters get a value that
 * yields to every destructuring pattern, so that no default value of the user's is evaluated. 5 ms or more,
 * once per function; the debugger is off again afterwards, and nothing ever pauses.
 *
 * @returns `undefined` when it cannot be told
 */
export function capturedThis(fn: object, syntax: FunctionSyntax): { readonly value: unknown } | undefined {
  const remembered = known.get(fn);
  if (remembered !== undefined) return remembered;
  if (syntax.hasComputedParameters) return undefined;
  const found = ask(fn as (...args: unknown[]) => unknown, syntax.parameters);
  if (found !== undefined) known.set(fn, found);
  return found;
}

function ask(
  fn: (...args: unknown[]) => unknown,
  parameters: number,
): { readonly value: unknown } | undefined {
  let found: { readonly value: unknown } | undefined;
  const inspect = inspector();
  const args = Array.from({ length: parameters }, () => yielding);
  const trap: Trap = {
    call: () => fn(...args),
    // Nothing may be called after the last line: V8 would notice the termination here instead of in `fn`.
    hit: self => {
      found = { value: self };
      inspect.sendOnly("Runtime.terminateExecution");
      return false;
    },
  };
  const globals = globalThis as unknown as Record<symbol, unknown>;
  globals[trapSymbol] = trap;
  try {
    inspect.send("Debugger.enable");
    inspect.send("Debugger.setBreakpointOnFunctionCall", {
      objectId: inspect.remote(fn),
      condition: `${trapExpression}.hit(this)`,
    });
    callAndTerminate();
  } finally {
    inspect.send("Debugger.disable");
    inspect.release();
    delete globals[trapSymbol];
  }
  return found;
}

/** The time limit is what makes V8 clear the termination when the evaluation ends. */
function callAndTerminate(): void {
  try {
    inspector().send("Runtime.evaluate", {
      expression: `${trapExpression}.call()`,
      timeout: callLimitMs,
      silent: true,
    });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
}

/** Answers itself to everything, and is an endless iterable of itself. */
const yielding: unknown = new Proxy(() => undefined, {
  get: (_target, key) =>
    key === Symbol.iterator ? endlessly : key === Symbol.toPrimitive ? () => "" : yielding,
});

function* endlessly(): Generator<unknown> {
  for (;;) yield yielding;
}
