import type { AnyFunction } from "../closure/index.ts";
import { compareKeys } from "../common/keys/index.ts";
import {
  HashPartitioner,
  Partitioner,
  PositionPartitioner,
  RangePartitioner,
  rangeOf,
} from "../plan/index.ts";
import type { TaskFunction } from "../task/spec.ts";

/** A partitioner as data: the core's own by its number of partitions, a user's by the position of its function. */
export type WirePartitioner =
  | { readonly kind: "hash"; readonly numPartitions: number }
  | { readonly kind: "position"; readonly numPartitions: number }
  | {
      readonly kind: "range";
      /** May be more than the bounds make: the rest stays empty. */
      readonly numPartitions: number;
      readonly bounds: readonly unknown[];
      readonly ascending: boolean;
    }
  | { readonly kind: "custom"; readonly numPartitions: number; readonly fn: number };

/** `add` puts a function into the task's table and answers its position. */
export function partitionerToWire(
  partitioner: Partitioner,
  add: (fn: AnyFunction) => number,
): WirePartitioner {
  const { numPartitions } = partitioner;
  if (partitioner.constructor === HashPartitioner) return { kind: "hash", numPartitions };
  if (partitioner instanceof PositionPartitioner) return { kind: "position", numPartitions };
  if (
    partitioner.constructor === RangePartitioner &&
    (partitioner as RangePartitioner).compare === undefined
  ) {
    const { bounds, ascending } = partitioner as RangePartitioner;
    return { kind: "range", numPartitions, bounds, ascending };
  }
  return { kind: "custom", numPartitions, fn: add(partitionFunction(partitioner)) };
}

/** The partitioner again, where the functions of the task are. */
export function partitionerFromWire(wire: WirePartitioner, functions: readonly TaskFunction[]): Partitioner {
  switch (wire.kind) {
    case "hash":
      return new HashPartitioner(wire.numPartitions);
    case "position":
      return new PositionPartitioner(wire.numPartitions);
    case "range":
      return settledRange(wire.numPartitions, wire.bounds, wire.ascending);
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
    fn =
      partitioner.constructor === RangePartitioner
        ? rangeFunction(partitioner as RangePartitioner)
        : ownFunction(partitioner);
    partitionFunctions.set(partitioner, fn);
  }
  return fn;
}

function ownFunction(partitioner: Partitioner): AnyFunction {
  return (key: unknown) => partitioner.getPartition(key);
}

/** Captures the bounds and the order, as the partitioner itself has private state. */
function rangeFunction({ bounds, ascending, compare = compareKeys }: RangePartitioner): AnyFunction {
  return (key: unknown) => {
    const range = rangeOf(bounds, key, compare);
    return ascending ? range : bounds.length - range;
  };
}

function settledRange(
  numPartitions: number,
  bounds: readonly unknown[],
  ascending: boolean,
): RangePartitioner {
  const partitioner = new RangePartitioner(numPartitions, ascending);
  partitioner.settle(bounds);
  return partitioner;
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
