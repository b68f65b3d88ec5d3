import { type ErrorCode, errorTable } from "../../common/errors/index.ts";
import { OperatorError } from "../../task/operator-error.ts";
import { describeThrown } from "../failure.ts";
import type { WireError, WireErrorObject, WireFailure } from "./worker-protocol.ts";

/** How many causes of causes travel. */
const MAX_CAUSES = 8;

/** What a task threw as data. Of an error the name, message, stack, code and causes survive. */
export function toWireFailure(error: unknown): WireFailure {
  if (!(error instanceof OperatorError)) return { error: toWire(error, 0), operation: undefined };
  const { operator, site } = error.operation;
  return { error: toWire(error.cause, 0), operation: { operator, site } };
}

function toWire(error: unknown, depth: number): WireError {
  if (!(error instanceof Error)) return { kind: "value", value: plain(error) };
  const { code, hint } = error as { readonly code?: unknown; readonly hint?: unknown };
  const isCoded = typeof code === "string" && Object.hasOwn(errorTable, code);
  return {
    kind: "error",
    name: String(error.name),
    message: String(error.message),
    stack: typeof error.stack === "string" ? error.stack : undefined,
    code: isCoded ? (code as ErrorCode) : undefined,
    hint: isCoded && typeof hint === "string" ? hint : undefined,
    cause: error.cause === undefined || depth >= MAX_CAUSES ? undefined : toWire(error.cause, depth + 1),
  };
}

/** A thrown value that is no error: as it is when it can leave its thread, else as text. */
function plain(value: unknown): unknown {
  try {
    return structuredClone(value);
  } catch {
    return describeThrown(value);
  }
}

/** What was thrown again; an error has the stack it had in the worker. */
export function fromWireFailure({ error, operation }: WireFailure): unknown {
  const thrown = fromWire(error);
  return operation === undefined ? thrown : new OperatorError(operation, thrown);
}

function fromWire(wire: WireError): unknown {
  return wire.kind === "value" ? wire.value : errorOf(wire);
}

function errorOf(wire: WireErrorObject): Error {
  const error = new Error(wire.message, wire.cause === undefined ? {} : { cause: fromWire(wire.cause) });
  // As on a class of errors: not among the error's own fields when it is printed.
  Object.defineProperty(error, "name", { value: wire.name, configurable: true, writable: true });
  if (wire.stack !== undefined) error.stack = wire.stack;
  if (wire.code !== undefined) Object.assign(error, { code: wire.code, hint: wire.hint });
  return error;
}
