import type { Operator } from "../dstream/operator.ts";

/** A stream without parents: where data comes in. */
export interface InputOperator<T> extends Operator<T> {
  readonly parents: readonly [];
  /** Counts all inputs of a context from 0. */
  readonly streamId: number;
  /** For people: `Socket stream [0]`. */
  readonly name: string;
  /** Called once when the context starts, with the zero time in milliseconds. */
  start?(zeroMs: number): void;
  /** Called once when the context stops. */
  stop?(): void;
}

/** What distinguishes one kind of input from another; the rest is the context's. */
export type InputSource<T> = Pick<
  InputOperator<T>,
  "compute" | "start" | "stop" | "forget" | "minRememberMs"
> & {
  /** For people, without the id: `Socket stream`. */
  readonly title: string;
};
