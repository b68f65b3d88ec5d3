import { type ErrorCode, errorTable, MillraceError, millraceError } from "../common/errors/index.ts";
import { OperatorError } from "../task/operator-error.ts";

/** The coded error for what a task threw: the operation, the user's line, and the user's own error as cause. */
export function taskFailure(error: unknown, attempts: number): MillraceError {
  const operation = error instanceof OperatorError ? error.operation : undefined;
  const cause = error instanceof OperatorError ? error.cause : error;
  const details = {
    cause,
    ...(operation === undefined ? {} : { operator: operation.operator }),
    ...(operation?.site === undefined ? {} : { site: operation.site }),
  };
  if (isCoded(cause)) {
    if (operation === undefined && cause instanceof MillraceError) return cause;
    return millraceError(cause.code, cause.message, { ...details, hint: cause.hint });
  }
  const tries = attempts > 1 ? `a task failed ${attempts} times` : "a task failed";
  return millraceError("MR_TASK_FAILED", `${tries}: ${describe(cause)}`, details);
}

interface Coded {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

/** A `MillraceError`, also one that came from another thread. */
function isCoded(error: unknown): error is Coded {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return typeof code === "string" && Object.hasOwn(errorTable, code);
}

function describe(cause: unknown): string {
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : `threw ${String(cause)}`;
}
