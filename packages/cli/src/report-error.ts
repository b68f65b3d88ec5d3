import { UsageError as ExampleUsageError } from "@millrace/examples";
import { MillraceError } from "millrace";
import pc from "picocolors";
import type { Output } from "./output.ts";
import { UsageError } from "./usage-error.ts";

/** Prints an error as a user wants to read it and answers with the exit code. */
export function reportError(error: unknown, output: Output): number {
  if (error instanceof UsageError || error instanceof ExampleUsageError) {
    output.stderr(`${error.message}\n`);
    return 2;
  }
  output.stderr(`${describeError(error)}\n`);
  return 1;
}

/** `MR_CODE: message`, the hint, and then the user's own error with its stack, where there is one. */
export function describeError(error: unknown): string {
  if (!(error instanceof MillraceError)) return foreign(error);
  const lines = [`${pc.red(error.code)}: ${error.message}`, `${pc.cyan("hint")}: ${error.hint}`];
  if (error.cause !== undefined) lines.push(`${pc.dim("caused by")}: ${describeError(error.cause)}`);
  return lines.join("\n");
}

/** An error that is not Millrace's own: a defect, or what the user's function threw; the stack tells where. */
function foreign(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
