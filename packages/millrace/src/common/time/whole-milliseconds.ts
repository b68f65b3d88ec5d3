import { millraceError } from "../errors/index.ts";

/**
 * Checks that `value` is an integer number of milliseconds that a double holds exactly; -0 becomes 0.
 *
 * @throws MR_BAD_ARGUMENT naming `what`
 */
export function wholeMilliseconds(value: number, what: string): number {
  if (Number.isSafeInteger(value)) return value + 0;
  throw millraceError(
    "MR_BAD_ARGUMENT",
    `${what} must be a whole number of milliseconds, but is ${String(value)}`,
    {
      hint: "Round it first; use Milliseconds(n) for parts of a second.",
    },
  );
}
