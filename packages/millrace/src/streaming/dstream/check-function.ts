import { checkClosure } from "../../closure/index.ts";
import { type CallSite, currentCallSite } from "../../common/call-site.ts";
import { millraceError } from "../../common/errors/index.ts";
import type { Logger } from "../../common/log/index.ts";

/**
 * Checks, when an operation is declared, that a function can run in tasks; warnings go to the log.
 * @throws MR_BAD_ARGUMENT when it is no function; MR_CLOSURE_UNSHIPPABLE, MR_CLOSURE_NATIVE as the closure layer says
 */
export function checkTaskFunction(fn: unknown, operator: string, site: CallSite, log: Logger): void {
  checkDriverFunction(fn, operator, site);
  // Operations made of operations: the outer one has checked the user's functions.
  if (currentCallSite() !== undefined) return;
  for (const warning of checkClosure(fn, { operator, site: site.text })) log.warn(warning.message);
}

/**
 * Checks that a function that runs on the driver is one.
 * @throws MR_BAD_ARGUMENT
 */
export function checkDriverFunction(
  fn: unknown,
  operator: string,
  site: CallSite,
): asserts fn is (...args: never[]) => unknown {
  if (typeof fn === "function") return;
  throw millraceError(
    "MR_BAD_ARGUMENT",
    `${operator} needs a function, got ${fn === null ? "null" : typeof fn}`,
    {
      operator,
      site: site.text,
    },
  );
}
