import type { AnyFunction } from "../closure/index.ts";
import { HashPartitioner, Partitioner, PositionPartitioner } from "../plan/index.ts";
import type { TaskFunction } from "../task/spec.ts";

/** A partitioner as data: the core's own by its number of partitions, a user's by the position of its function. */
export type WirePartitioner =
  | { readonly kind: "hash"; readonly numPartitions: number }
  | { readonly kind: "position"; readonly numPartitions: number }
  | { readonly kind: "custom"; readonly numPartitions: number; readonly fn: number };

/** `add` puts a function into the task's table and answers its position. */
export function partitionerToWire(
  partitioner: Partitioner,
  add: (fn: AnyFunction) => number,
): WirePartitioner {
  const { numPartitions } = partitioner;
  if (partitioner.constructor === HashPartitioner) return { kind: "hash", numPartitions };
  if (partitioner instanceof PositionPartitioner) return { kind: "position", numPartitions };
  return { kind: "custom", numPartitions, fn: add(partitionFunction(partitioner)) };
}

/** The partitioner again, where the functions of the task are. */
export function partitionerFromWire(wire: WirePartitioner, functions: readonly TaskFunction[]): Partitioner {
  switch (wire.kind) {
    case "hash":
      return new HashPartitioner(wire.numPartitions);
    case "position":
      return new PositionPartitioner(wire.numPartitions);
    case "custom": {
      const { fn } = functions[wire.fn] as TaskFunction;
      return new RevivedPartitioner(wire.numPartitions, fn as unknown as (key: unknown) => number);
    }
  }
}

const partitionFunctions = new WeakMap<Partitioner, AnyFunction>();

/** One function object per partitioner, so that it is shipped once. */
function partitionFunction(partitioner: Partitioner): AnyFunction {
  let fn = partitionFunctions.get(partitioner);
  if (fn === undefined) {
    fn = (key: unknown) => partitioner.getPartition(key);
    partitionFunctions.set(partitioner, fn);
  }
  return fn;
}

class RevivedPartitioner extends Partitioner {
  override readonly numPartitions: number;
  readonly #getPartition: (key: unknown) => number;

  constructor(numPartitions: number, getPartition: (key: unknown) => number) {
    super();
    this.numPartitions = numPartitions;
    this.#getPartition = getPartition;
  }

  override getPartition(key: unknown): number {
    return this.#getPartition(key);
  }
}
