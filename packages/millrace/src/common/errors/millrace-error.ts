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
 *
 * ```ts
 * import assert from "node:assert";
 * import { MillraceError, Seconds } from "millrace";
 * try {
 *   Seconds(Number.NaN);
 * } catch (error) {
 *   assert.ok(error instanceof MillraceError && error.code === "MR_BAD_ARGUMENT");
 * }
 * ```
 */
export class MillraceError extends Error {
  /** What happened, such as `MR_TASK_FAILED`; the same in every version. */
  readonly code: ErrorCode;
  /** What to do about it. */
  readonly hint: string;
  /** The operation that failed, such as `map`, where there was one. */
  readonly operator: string | undefined;
  /** The user's `file:line` where that operation was written, where known. */
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

/**
 * A general failure of the engine or of a task.
 *
 * ```ts
 * import assert from "node:assert";
 * import { SparkContext, SparkException } from "millrace";
 * const sc = new SparkContext("local", "failing");
 * const failing = sc.parallelize([1]).map(() => {
 *   throw new RangeError("mine");
 * });
 * await assert.rejects(failing.collect(), error => error instanceof SparkException);
 * await sc.stop();
 * ```
 */
export class SparkException extends MillraceError {}
/**
 * A wrong argument.
 *
 * ```ts
 * import assert from "node:assert";
 * import { Duration, IllegalArgumentException } from "millrace";
 * assert.throws(() => new Duration(0.5), IllegalArgumentException);
 * ```
 */
export class IllegalArgumentException extends MillraceError {}
/**
 * A call at the wrong moment.
 *
 * ```ts
 * import assert from "node:assert";
 * import { IllegalStateException, SparkContext } from "millrace";
 * const sc = new SparkContext("local", "stopped");
 * await sc.stop();
 * assert.throws(() => sc.parallelize([1]), IllegalStateException);
 * ```
 */
export class IllegalStateException extends MillraceError {}
/**
 * An operation that cannot be done on this data.
 *
 * ```ts
 * import assert from "node:assert";
 * import { SparkContext, UnsupportedOperationException } from "millrace";
 * const sc = new SparkContext("local", "empty");
 * const empty = sc.parallelize<number>([]);
 * await assert.rejects(empty.reduce((a, b) => a + b), UnsupportedOperationException);
 * await sc.stop();
 * ```
 */
export class UnsupportedOperationException extends MillraceError {}
/**
 * A text that is not the number or duration it should be.
 *
 * ```ts
 * import assert from "node:assert";
 * import { NumberFormatException, SparkConf } from "millrace";
 * const conf = new SparkConf();
 * assert.throws(() => conf.set("spark.streaming.blockInterval", "soon"), NumberFormatException);
 * ```
 */
export class NumberFormatException extends IllegalArgumentException {}

/**
 * Something was asked for that is not there.
 *
 * ```ts
 * import assert from "node:assert";
 * import { NoSuchElementException, SparkConf } from "millrace";
 * assert.throws(() => new SparkConf().get("my.missing.key"), NoSuchElementException);
 * ```
 */
export class NoSuchElementException extends MillraceError {}

const classes: Record<ErrorKind, typeof MillraceError> = {
  SparkException,
  IllegalArgumentException,
  IllegalStateException,
  UnsupportedOperationException,
  NumberFormatException,
  NoSuchElementException,
};

/** Makes the error of a code, of the class the table names for it. */
export function millraceError(code: ErrorCode, message: string, details?: ErrorDetails): MillraceError {
  const { kind } = errorTable[code];
  return new classes[kind](code, message, details);
}
