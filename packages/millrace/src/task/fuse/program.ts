import type { AnyFunction } from "../../closure/index.ts";
import type { Chunk, ChunkKind } from "../chunk.ts";
import { generateLoop } from "./generate.ts";
import { loopHelpers } from "./loop-helpers.ts";
import type { FusedSinkKind } from "./sinks.ts";
import { splitSeparator } from "./split-separator.ts";
import type { FusedKind } from "./steps.ts";

/** One fused operator with its function. */
export interface FusedStep {
  readonly kind: FusedKind;
  readonly fn: AnyFunction;
}

/** The state of a sink; `at` is the step that was running when the loop threw, -1 for the sink's function. */
export interface LoopState {
  at: number;
}

/** Runs over one chunk; answers whether it wants no more. */
export type Loop<S extends LoopState> = (chunk: Chunk, state: S) => boolean;

type LoopFactory = (
  functions: readonly AnyFunction[],
  sinkFunctions: readonly (AnyFunction | undefined)[],
  helpers: typeof loopHelpers,
) => Loop<LoopState>;

/** Compiled factories kept; beyond it the least recently used one is dropped. */
const FACTORY_LIMIT = 512;
const CODE_LIMIT = 4096;

const codeIds = new WeakMap<AnyFunction, number>();
const idsByText = new Map<string, number>();
const factories = new Map<string, LoopFactory>();
let lastCodeId = 0;
let lastProgramId = 0;

/**
 * Identity of a function's code, equal for closures made by the same expression: a stream's batches, whose
 * functions may be made anew for each batch, then share one optimised loop.
 */
function codeId(fn: AnyFunction | undefined): number {
  if (fn === undefined) return 0;
  const known = codeIds.get(fn);
  if (known !== undefined) return known;
  const text = Function.prototype.toString.call(fn);
  let id = idsByText.get(text);
  if (id === undefined) {
    if (idsByText.size >= CODE_LIMIT) idsByText.clear();
    lastCodeId += 1;
    id = lastCodeId;
    idsByText.set(text, id);
  }
  codeIds.set(fn, id);
  return id;
}

function factoryFor(
  source: ChunkKind,
  steps: readonly FusedStep[],
  sink: FusedSinkKind,
  sinkFunctions: readonly (AnyFunction | undefined)[],
): LoopFactory {
  const key = `${source}|${steps.map(step => `${step.kind}:${codeId(step.fn)}`).join(",")}|${sink}:${sinkFunctions.map(codeId).join(",")}`;
  let factory = factories.get(key);
  if (factory === undefined) {
    lastProgramId += 1;
    const text = generateLoop(
      source,
      steps.map(({ kind, fn }) => ({ kind, separator: kind === "flatMap" ? splitSeparator(fn) : undefined })),
      sink,
      `fusedLoop${lastProgramId}`,
    );
    factory = new Function("functions", "sinkFunctions", "helpers", text) as LoopFactory;
    if (factories.size >= FACTORY_LIMIT) {
      for (const oldest of factories.keys()) {
        factories.delete(oldest);
        break;
      }
    }
  } else {
    factories.delete(key);
  }
  factories.set(key, factory);
  return factory;
}

/**
 * Whole-stage code generation: the loop for these steps and this sink, for chunks of any kind. One loop is
 * generated per kind of chunk, each with its own type feedback, the first time such a chunk comes.
 */
export function fusedLoop<S extends LoopState>(
  steps: readonly FusedStep[],
  sink: FusedSinkKind,
  ...sinkFunctions: readonly (AnyFunction | undefined)[]
): Loop<S> {
  const loops: Partial<Record<ChunkKind, Loop<LoopState>>> = {};
  const functions = steps.map(step => step.fn);
  return (chunk, state) => {
    let loop = loops[chunk.kind];
    if (loop === undefined) {
      const factory = factoryFor(chunk.kind, steps, sink, sinkFunctions);
      loop = factory(functions, sinkFunctions, loopHelpers);
      loops[chunk.kind] = loop;
    }
    return loop(chunk, state);
  };
}
