import { aggregatedSource } from "./aggregated-source.ts";
import { cogroupPartitions } from "./builtins/partitions.ts";
import { cachedSource } from "./cached-source.ts";
import { type Chunk, type ChunkSource, concatSource, pairsSource, valuesSource } from "./chunk.ts";
import { decodeBlock } from "./codec/columns.ts";
import { cogroupedSource } from "./cogrouped-source.ts";
import { fusedLoop, type LoopState } from "./fuse/program.ts";
import { fusedSteps, type InputContext, stepFunction } from "./input-context.ts";
import { mayWait } from "./may-wait.ts";
import { spilledSource } from "./memory/spill-file.ts";
import type { TaskMemory } from "./memory/task-memory.ts";
import { blame } from "./operator-error.ts";
import { partitionFunctionSource } from "./partition-function-source.ts";
import { findReader } from "./reader.ts";
import { isEmptyBlock, type ShuffleBlock } from "./shuffle-block.ts";
import { sortedSource } from "./sort/sorted-source.ts";
import type { Step, TaskFunction, TaskInput } from "./spec.ts";
import { splitTail } from "./split-tail.ts";
import { recordedViewSource } from "./state/recorded-version.ts";
import { stateUpdateSource } from "./state/state-update-source.ts";
import { stateViewSource } from "./state/state-view-source.ts";

/** Opens the records of an input. Nothing is read before the first `next`. */
export function openInput(input: TaskInput, context: InputContext): ChunkSource {
  switch (input.op) {
    case "read":
      return openRead(input, context);
    case "shuffled":
      return openShuffled(input, context);
    case "steps":
      return openSteps(input, context);
    case "aggregate":
      return aggregatedSource(openInput(input.input, context), input.aggregation, false, context);
    case "sort":
      return sortedSource(openInput(input.input, context), input.ordering, context);
    case "concat":
      return concatSource(input.inputs.map(part => () => openInput(part, context)));
    case "zip": {
      const operation = context.functions[input.fn] as TaskFunction;
      if (operation.fn === cogroupPartitions) {
        const inputs = input.inputs.map(part => openInput(part, context));
        return cogroupedSource(inputs, context.environment, operation);
      }
      return partitionFunctionSource(
        input.inputs.map(part => openInput(part, context)),
        input.inputs.some(part => mayWait(part, context.functions)),
        operation,
        iterables => iterables,
      );
    }
    case "cartesian":
      return partitionFunctionSource(
        [openInput(input.left, context), openInput(input.right, context)],
        mayWait(input, context.functions),
        cartesianOperation,
        iterables => iterables,
      );
    case "cached":
      return cachedSource(input, upstream => openInput(upstream, context), context);
    case "stateView":
      return stateViewSource(input, context);
    case "recordedView":
      return recordedViewSource(input.view, openInput(input.input, context));
    case "stateUpdate":
      return stateUpdateSource(input, part => openInput(part, context), context);
  }
}

/** What a reader throws names the source. */
function openRead(input: TaskInput & { readonly op: "read" }, context: InputContext): ChunkSource {
  const { operation } = input;
  try {
    const source = findReader(input.reader).open(input.split as never, context.environment.platform);
    const blamed = (error: unknown): never => {
      throw blame(operation, error);
    };
    return {
      next() {
        try {
          const chunk = source.next();
          return chunk instanceof Promise ? chunk.catch(blamed) : chunk;
        } catch (error) {
          return blamed(error);
        }
      },
      close: () => source.close(),
    };
  } catch (error) {
    throw blame(operation, error);
  }
}

function openShuffled(input: TaskInput & { readonly op: "shuffled" }, context: InputContext): ChunkSource {
  const blocks = input.blocks.filter(block => !isEmptyBlock(block));
  const records = concatSource(blocks.map(block => () => blockSource(block, context.environment.memory)));
  if (input.aggregation === undefined) return records;
  // The keys of a single block of combined values are all different already.
  if (input.aggregation.isCombined && blocks.length <= 1 && blocks.every(isUnshared)) return records;
  const isOwned = blocks.every(block => block.kind === "encoded" || block.kind === "spilled");
  return aggregatedSource(records, input.aggregation, isOwned, context);
}

/** Whether nobody else can see what becomes of the values of a block that holds each key once. */
function isUnshared(block: ShuffleBlock): boolean {
  if (block.kind === "encoded") return block.hasUniqueKeys === true;
  if (block.kind !== "columns" || block.hasUniqueKeys !== true) return false;
  return block.values.every(value => typeof value !== "object" || value === null);
}

function blockSource(block: ShuffleBlock, memory: TaskMemory): ChunkSource {
  if (block.kind === "spilled") return spilledSource(memory, block.path, block.pieces);
  const plain = block.kind === "encoded" ? decodeBlock(block) : block;
  return plain.kind === "columns" ? pairsSource(plain.keys, plain.values) : valuesSource(plain.records);
}

/** Runs of fused steps become one loop each; between them stand the functions that see a whole partition. */
function openSteps(input: TaskInput & { readonly op: "steps" }, context: InputContext): ChunkSource {
  const { fused, rest } = splitTail(input);
  if (fused.length > 0) return fusedSource(openInput(rest, context), fused, context.functions);
  const last = input.steps.at(-1) as Step;
  const before = input.steps.slice(0, -1);
  const upstream: TaskInput = before.length === 0 ? input.input : { ...input, steps: before };
  return partitionFunctionSource(
    [openInput(upstream, context)],
    mayWait(upstream, context.functions),
    context.functions[last.fn] as TaskFunction,
    last.kind === "mapPartitions" ? iterables => iterables : iterables => [input.partition, ...iterables],
  );
}

function fusedSource(
  upstream: ChunkSource,
  steps: readonly Step[],
  functions: readonly TaskFunction[],
): ChunkSource {
  const loop = fusedLoop<LoopState & { out: unknown[] }>(fusedSteps(steps, functions), "emit");
  const run = (chunk: Chunk | undefined): Chunk | undefined => {
    if (chunk === undefined) return undefined;
    const state = { at: -1, out: [] as unknown[] };
    try {
      loop(chunk, state);
    } catch (error) {
      throw blame(stepFunction(steps, functions, state.at), error);
    }
    return { kind: "values", values: state.out, from: 0, to: state.out.length };
  };
  return {
    next() {
      const chunk = upstream.next();
      return chunk instanceof Promise ? chunk.then(run) : run(chunk);
    },
    close: () => upstream.close(),
  };
}

const cartesianOperation: TaskFunction = {
  fn: function* (left: Iterable<unknown>, right: Iterable<unknown>) {
    const rights = Array.from(right);
    for (const one of left) for (const other of rights) yield [one, other];
  },
  operator: "cartesian",
  site: undefined,
};
