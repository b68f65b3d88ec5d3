import { inspect } from "node:util";
import { type ErrorCode, errorTable, MillraceError, millraceError } from "../common/errors/index.ts";
import type { Origin } from "../plan/index.ts";
import { OperatorError } from "../task/operator-error.ts";
import { operationOf } from "./operation-of.ts";

/**
 * The coded error for what a task threw: the operation, the user's line, and the user's own error as cause. `origin` is
 * what the task was for: it is named when nothing closer is known.
 */
export function taskFailure(error: unknown, attempts: number, origin?: Origin): MillraceError {
  const cause = error instanceof OperatorError ? error.cause : error;
  const isPlaced = cause instanceof MillraceError && cause.operator !== undefined;
  const around = isPlaced || origin === undefined ? undefined : operationOf(origin);
  const operation = error instanceof OperatorError ? error.operation : around;
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
  return millraceError("MR_TASK_FAILED", `${tries}: ${describeThrown(cause)}`, details);
}

/** The same for a user's function that ran on the driver, such as the last merge of a `reduce`. */
export function driverFailure(origin: Origin, error: unknown): MillraceError {
  return taskFailure(new OperatorError({ operator: origin.operator, site: origin.site?.text }, error), 1);
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

/** What was thrown, in a few words: it need not be an error, nor have a text. */
export function describeThrown(cause: unknown): string {
  if (cause instanceof Error) return `${cause.name}: ${cause.message}`;
  return `threw ${typeof cause === "string" ? cause : inspect(cause, { depth: 1, breakLength: Infinity })}`;
}

/** Whether a task failed because its worker thread died. */
export function isWorkerLost(error: unknown): error is MillraceError {
  return error instanceof MillraceError && error.code === "MR_WORKER_LOST";
}

/** A task under which one worker thread after the other died. */
export function workerLostAgain(
  last: MillraceError,
  { operator, site }: Origin,
  losses: number,
): MillraceError {
  return millraceError(
    "MR_WORKER_LOST",
    `${losses} worker threads died under one task; the last: ${last.message}`,
    {
      cause: last.cause,
      hint: last.hint,
      operator,
      ...(site === undefined ? {} : { site: site.text }),
    },
  );
}

/** A partition of a local checkpoint is gone, and nothing says how to compute it. */
export function checkpointLost(node: Origin, partition: number): MillraceError {
  return millraceError("MR_CHECKPOINT_LOST", `partition ${partition} of a local checkpoint is lost`, {
    operator: node.operator,
    ...(node.site === undefined ? {} : { site: node.site.text }),
  });
}

/** A version of a state is gone, and nothing says how to make it again. */
export function stateLost(node: Origin, partition: number): MillraceError {
  return millraceError("MR_STATE_LOST", `partition ${partition} of a state is lost`, {
    operator: node.operator,
    ...(node.site === undefined ? {} : { site: node.site.text }),
  });
}

/** A job that was given up. */
export function cancelled(reason: unknown): MillraceError {
  return millraceError("MR_JOB_CANCELLED", `the job was cancelled: ${describeReason(reason)}`, {
    cause: reason,
  });
}

function describeReason(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason ?? "no reason given");
}
