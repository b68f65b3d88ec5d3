import { millraceError } from "../../common/errors/index.ts";
import { sequenceAdapters, unitAdapters } from "./adapters/index.ts";
import { isErrorNamed } from "./error-named.ts";
import type { ReferenceCase } from "./reference-case.ts";
import { matchesTable } from "./table-equality.ts";
import { differs, threw, type Verdict } from "./verdict.ts";

/** Whether this runner knows what a `unit` or `sequence` case calls. */
export function hasAdapter({ kind, op }: ReferenceCase): boolean {
  return (kind === "sequence" ? sequenceAdapters : unitAdapters).has(op);
}

/** Runs a case of kind `unit`: one call. */
export async function runUnitCase(theCase: ReferenceCase): Promise<Verdict> {
  const { op, args, expected, expectedError } = theCase;
  const call = adapterOf(unitAdapters, op);
  let actual: unknown;
  try {
    actual = await call(args);
  } catch (error) {
    if (expectedError === undefined) throw error;
    return isErrorNamed(error, expectedError) ? undefined : threw(expectedError, error);
  }
  if (expectedError !== undefined) return { expected: expectedError, actual: "no error" };
  return matchesTable(actual, expected) ? undefined : differs(expected, actual);
}

/** Runs a case of kind `sequence`: calls on one object. */
export async function runSequenceCase({ op, args, steps = [] }: ReferenceCase): Promise<Verdict> {
  const perform = adapterOf(sequenceAdapters, op)(args);
  for (const [i, step] of steps.entries()) {
    const [call, stepArgs, expected] = step as [call: string, args: unknown, expected: unknown];
    const actual = await perform(call, stepArgs);
    if (matchesTable(actual, expected)) continue;
    const { expected: wanted, actual: found } = differs(expected, actual) ?? { expected: "", actual: "" };
    const where = `step ${i + 1} ${call}`;
    return { expected: `${where}: ${wanted}`, actual: `${where}: ${found}` };
  }
  return undefined;
}

function adapterOf<A>(adapters: ReadonlyMap<string, A>, op: string): A {
  const adapter = adapters.get(op);
  if (adapter !== undefined) return adapter;
  throw millraceError("MR_BAD_ARGUMENT", `nothing is known to call for ${op}`);
}
