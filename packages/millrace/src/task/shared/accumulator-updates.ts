import { type AnyAccumulator, knowsAccumulators, liveAccumulator, registrationOf } from "./accumulator-v2.ts";
import { type RunningTask, runningTask } from "./running-task.ts";

/** What one task added to one accumulator: the fields of its copy. */
export interface AccumulatorUpdate {
  readonly id: number;
  readonly state: object;
}

/** The accumulators of one task: a copy each, made when it is first used. */
export class TaskUpdates implements RunningTask {
  readonly #copies = new Map<number, AnyAccumulator>();

  copyOf(accumulator: AnyAccumulator): AnyAccumulator {
    const { id } = registrationOf(accumulator);
    let copy = this.#copies.get(id);
    if (copy === undefined) {
      copy = runningTask.exit(() => accumulator.copyAndReset());
      this.#copies.set(id, copy);
    }
    return copy;
  }

  /** What the task added; accumulators it left at zero are not told of. */
  updates(): AccumulatorUpdate[] {
    const updates: AccumulatorUpdate[] = [];
    for (const [id, copy] of this.#copies) if (!copy.isZero) updates.push({ id, state: { ...copy } });
    return updates;
  }
}

/** Runs a task's body so that what it adds to accumulators goes to `updates`. */
export function withUpdates<R>(updates: TaskUpdates, body: () => R): R {
  return knowsAccumulators() ? runningTask.run(updates, body) : body();
}

/** Merges what a task that succeeded has added into the driver's accumulators. */
export function mergeUpdates(updates: readonly AccumulatorUpdate[]): void {
  for (const { id, state } of updates) {
    const accumulator = liveAccumulator(id);
    if (accumulator === undefined) continue;
    const added = accumulator.copyAndReset();
    Object.assign(added, state);
    accumulator.merge(added as never);
  }
}
