import { type ErrorCode, type ErrorKind, errorTable } from "./codes.ts";

/** Where and how an error came about, beside its code and message. */
export interface ErrorDetails {
  /** What to do about it; the table's hint when absent. */
  readonly hint?: string;
  readonly cause?: unknown;
  /** The operation that failed, such as `map` or `socketTextStream`. */
  readonly operator?: string;
  /** The user's `file:line` where that operation was written. */
  readonly site?: string;
}

/**
 * The base of every error Millrace throws to a user: a stable `code`, a `message` that says what happened
 * and where, and a `hint` that says what to do. Catch the class a Spark user would catch
 * (`SparkException`, `IllegalArgumentException`, …) or look at `code`.
 */
export class MillraceError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  readonly operator: string | undefined;
  readonly site: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    const place = [details.operator, details.site].filter(part => part !== undefined).join(" at ");
    super(
      place === "" ? message : `${message} [${place}]`,
      details.cause === undefined ? {} : { cause: details.cause },
    );
    this.code = code;
    this.name = errorTable[code].kind;
    this.hint = details.hint ?? errorTable[code].hint;
    this.operator = details.operator;
    this.site = details.site;
  }
}

/** A general failure of the engine or of a task. */
export class SparkException extends MillraceError {}
/** A wrong argument. */
export class IllegalArgumentException extends MillraceError {}
/** A call at the wrong moment. */
export class IllegalStateException extends MillraceError {}
/** An operation that cannot be done on this data. */
export class UnsupportedOperationException extends MillraceError {}
/** A text that is not the number or duration it should be. */
export class NumberFormatException extends IllegalArgumentException {}

const classes: Record<ErrorKind, typeof MillraceError> = {
  SparkException,
  IllegalArgumentException,
  IllegalStateException,
  UnsupportedOperationException,
  NumberFormatException,
};

/** Makes the error of a code, of the class the table names for it. */
export function millraceError(code: ErrorCode, message: string, details?: ErrorDetails): MillraceError {
  const { kind } = errorTable[code];
  return new classes[kind](code, message, details);
}
