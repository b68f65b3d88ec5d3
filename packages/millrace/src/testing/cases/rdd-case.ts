import { RDD } from "../../rdd/index.ts";
import type { TestWorld } from "../world.ts";
import { isErrorNamed } from "./error-named.ts";
import { evaluateAwaiting } from "./evaluate.ts";
import type { ReferenceCase } from "./reference-case.ts";
import { matchesTable, recordsMatch } from "./table-equality.ts";
import { differs, threw, type Verdict } from "./verdict.ts";

/** Runs a case of kind `rdd` whose build can be run as it is. */
export async function runRDDCase(theCase: ReferenceCase, world: TestWorld): Promise<Verdict> {
  const { build = "undefined", expected, expectedError } = theCase;
  let actual: unknown;
  try {
    const value = await evaluateAwaiting(build, { sc: world.sparkContext, TMP: world.directory });
    actual = value instanceof RDD ? await value.collect() : value;
  } catch (error) {
    if (expectedError === undefined) throw error;
    return isErrorNamed(error, expectedError) ? undefined : threw(expectedError, error);
  }
  if (expectedError !== undefined) return { expected: expectedError, actual: "no error" };
  return isAsExpected(theCase, actual) ? undefined : differs(expected, actual);
}

function isAsExpected(theCase: ReferenceCase, actual: unknown): boolean {
  const { expected } = theCase;
  const areLists = Array.isArray(expected) && Array.isArray(actual);
  return areLists ? recordsMatch(actual, expected, theCase) : matchesTable(actual, expected);
}
