import type { AnyFunction } from "../closure/index.ts";
import type { Origin } from "../plan/index.ts";
import type { TaskFunction } from "../task/spec.ts";

/** The functions of a stage, each once; tasks refer to them by position. */
export class FunctionTable {
  readonly functions: TaskFunction[] = [];
  /** By function, the positions of its uses: one function may serve several operations, errors tell them apart. */
  readonly #positions = new Map<AnyFunction, number[]>();

  add(fn: AnyFunction, { operator, site }: Origin): number {
    let positions = this.#positions.get(fn);
    if (positions === undefined) {
      positions = [];
      this.#positions.set(fn, positions);
    }
    const known = positions.find(position => (this.functions[position] as Use).isAt(operator, site));
    if (known !== undefined) return known;
    const position = this.functions.length;
    this.functions.push(new Use(fn, operator, site));
    positions.push(position);
    return position;
  }
}

/** A function in an operation; the text of its place is made when an error or another thread needs it. */
class Use implements TaskFunction {
  readonly fn: AnyFunction;
  readonly operator: string;
  readonly #site: Origin["site"];

  constructor(fn: AnyFunction, operator: string, site: Origin["site"]) {
    this.fn = fn;
    this.operator = operator;
    this.#site = site;
  }

  get site(): string | undefined {
    return this.#site?.text;
  }

  isAt(operator: string, site: Origin["site"]): boolean {
    return this.operator === operator && this.#site === site;
  }
}
