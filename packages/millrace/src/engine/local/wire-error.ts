import { type ErrorCode, errorTable } from "../../common/errors/index.ts";
import { OperatorError } from "../../task/operator-error.ts";
import type { WireError, WireFailure } from "./worker-protocol.ts";

/** How many causes of causes travel. */
const MAX_CAUSES = 8;

/** What a task threw as data: an error's fields survive, and values that are no errors as text. */
export function toWireFailure(error: unknown): WireFailure {
  if (!(error instanceof OperatorError)) return { error: toWire(error, 0), operation: undefined };
  const { operator, site } = error.operation;
  return { error: toWire(error.cause, 0), operation: { operator, site } };
}

function toWire(error: unknown, depth: number): WireError {
  if (!(error instanceof Error)) {
    return {
      name: "Error",
      message: `threw ${String(error)}`,
      stack: undefined,
      code: undefined,
      hint: undefined,
      cause: undefined,
    };
  }
  const { code, hint } = error as { readonly code?: unknown; readonly hint?: unknown };
  const isCoded = typeof code === "string" && Object.hasOwn(errorTable, code);
  return {
    name: error.name,
    message: error.message,
    stack: error.stack,
    code: isCoded ? (code as ErrorCode) : undefined,
    hint: isCoded && typeof hint === "string" ? hint : undefined,
    cause: error.cause === undefined || depth >= MAX_CAUSES ? undefined : toWire(error.cause, depth + 1),
  };
}

/** The error again, with the stack it had in the worker. */
export function fromWireFailure({ error, operation }: WireFailure): Error {
  const cause = fromWire(error);
  if (operation === undefined) return cause;
  return new OperatorError({ ...operation, fn: () => undefined }, cause);
}

function fromWire(wire: WireError): Error {
  const error = new Error(wire.message, wire.cause === undefined ? {} : { cause: fromWire(wire.cause) });
  error.name = wire.name;
  if (wire.stack !== undefined) error.stack = wire.stack;
  if (wire.code !== undefined) Object.assign(error, { code: wire.code, hint: wire.hint });
  return error;
}
