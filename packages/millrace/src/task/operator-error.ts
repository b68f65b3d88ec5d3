import type { Operation } from "./spec.ts";

/** What a user's function threw, with the operation it belongs to; made into a `MillraceError` by the engine. */
export class OperatorError extends Error {
  readonly operation: Operation;

  constructor(operation: Operation, cause: unknown) {
    super(`error in ${operation.operator}`, { cause });
    this.operation = operation;
  }
}

/** Names the operation, unless one further up was named already: the innermost function is the one that threw. */
export function blame(operation: Operation | undefined, error: unknown): unknown {
  if (operation === undefined || error instanceof OperatorError) return error;
  return new OperatorError(operation, error);
}
