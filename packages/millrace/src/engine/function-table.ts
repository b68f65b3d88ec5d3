import type { AnyFunction } from "../closure/index.ts";
import type { Origin } from "../plan/index.ts";
import type { TaskFunction } from "../task/spec.ts";

/** Functions up to which a search from the start is quicker than a map. */
const FEW = 16;

/** The functions of a stage, each once; tasks refer to them by position. */
export class FunctionTable {
  readonly functions: TaskFunction[] = [];
  /** By function, the positions of its uses, once there are many; few are looked through more quickly. */
  #positions: Map<AnyFunction, number[]> | undefined;

  /** One function may serve several operations: errors tell its uses apart. */
  add(fn: AnyFunction, { operator, site }: Origin): number {
    const { functions } = this;
    if (this.#positions === undefined) {
      for (let at = 0; at < functions.length; at++) {
        const use = functions[at] as Use;
        if (use.fn === fn && use.isAt(operator, site)) return at;
      }
    } else {
      const known = this.#positions.get(fn)?.find(at => (functions[at] as Use).isAt(operator, site));
      if (known !== undefined) return known;
    }
    const position = functions.push(new Use(fn, operator, site)) - 1;
    if (this.#positions !== undefined) note(this.#positions, fn, position);
    else if (functions.length > FEW) {
      this.#positions = new Map();
      for (const [at, use] of functions.entries()) note(this.#positions, use.fn, at);
    }
    return position;
  }
}

function note(positions: Map<AnyFunction, number[]>, fn: AnyFunction, position: number): void {
  const known = positions.get(fn);
  if (known === undefined) positions.set(fn, [position]);
  else known.push(position);
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
