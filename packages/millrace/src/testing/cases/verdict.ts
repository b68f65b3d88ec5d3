import { valueText } from "../mismatch.ts";

/** How a case went: `undefined` when as expected, otherwise what differs, on one line each. */
export type Verdict = { readonly expected: string; readonly actual: string } | undefined;

/** What cases are run with. */
export interface CaseSettings {
  /** `local`, `local[2]` … */
  readonly master: string;
  /** Partitions of the inputs of streams; default each case's own. */
  readonly partitions?: number | undefined;
}

/** A difference between values. */
export function differs(expected: unknown, actual: unknown): Verdict {
  return { expected: valueText(expected), actual: valueText(actual) };
}

/** Something was thrown. */
export function threw(expected: string, error: unknown): Verdict {
  return { expected, actual: `threw ${errorText(error)}` };
}

function errorText(error: unknown): string {
  if (!(error instanceof Error)) return valueText(error);
  const cause = error.cause === undefined ? "" : `, caused by ${errorText(error.cause)}`;
  return `${error.name}: ${error.message.replaceAll("\n", " ")}${cause}`;
}
