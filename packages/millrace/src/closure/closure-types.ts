/** Any function, whatever it takes and answers. */
export type AnyFunction = (...args: never[]) => unknown;

/** Who wants a function to travel; errors and warnings name it. */
export interface ClosureContext {
  /** The operation the function was given to, such as `map`. */
  readonly operator: string;
  /** Where that operation was written, such as `app.ts:12`. */
  readonly site?: string;
  /**
   * Whether classes the function captures travel by themselves, so that each is one class for all functions and records
   * of a thread. Only where a `ShippedClosure` may lie in another.
   */
  readonly sharesClasses?: boolean;
}

/** A class, or a function of the way of before classes. */
export type AnyClass = AnyFunction & { readonly prototype: object };

/** A captured variable that the function assigns: each copy of the function assigns its own. */
export interface ClosureWarning {
  readonly variable: string;
  /** File of the assignment: relative to the working directory when below it. */
  readonly file: string;
  /** Line of the assignment, from 1; 0 when it is not known. */
  readonly line: number;
  /** A sentence for the log. */
  readonly message: string;
}

/**
 * Put an `Unshippable` under this symbol on a class's prototype to refuse its instances in closures. The
 * value may also lie on one object.
 */
export const unshippable: unique symbol = Symbol.for("millrace.unshippable") as never;

/** Why an object cannot leave its thread, and what to do instead. */
export interface Unshippable {
  /** With its article, such as `an RDD`. */
  readonly what: string;
  /** A sentence that tells the user how to rewrite the function. */
  readonly advice: string;
}
