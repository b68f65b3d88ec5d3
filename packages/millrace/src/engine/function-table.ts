import type { AnyFunction } from "../closure/index.ts";
import type { Origin } from "../plan/index.ts";
import type { TaskFunction } from "../task/spec.ts";

/** The functions of a stage, each once; tasks refer to them by position. */
export class FunctionTable {
  readonly functions: TaskFunction[] = [];
  readonly #positions = new Map<AnyFunction, number>();

  add(fn: AnyFunction, origin: Origin): number {
    const known = this.#positions.get(fn);
    if (known !== undefined) return known;
    const position = this.functions.length;
    this.functions.push({ fn, operator: origin.operator, site: origin.site?.text });
    this.#positions.set(fn, position);
    return position;
  }
}
