import type { AnyFunction } from "../closure/index.ts";
import type { Origin } from "../plan/index.ts";
import type { TaskFunction } from "../task/spec.ts";

/** The functions of a stage, each once; tasks refer to them by position. */
export class FunctionTable {
  readonly functions: TaskFunction[] = [];
  /** By function and then by operation: one function may serve several, and errors tell them apart. */
  readonly #positions = new Map<AnyFunction, Map<string, number>>();

  add(fn: AnyFunction, origin: Origin): number {
    let positions = this.#positions.get(fn);
    if (positions === undefined) {
      positions = new Map();
      this.#positions.set(fn, positions);
    }
    const { operator } = origin;
    const site = origin.site?.text;
    const use = `${operator} ${site}`;
    let position = positions.get(use);
    if (position === undefined) {
      position = this.functions.length;
      this.functions.push({ fn, operator, site });
      positions.set(use, position);
    }
    return position;
  }
}
