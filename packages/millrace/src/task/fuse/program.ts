import type { AnyFunction } from "../../closure/index.ts";
import type { Chunk, ValuesChunk } from "../chunk.ts";
import { constantOf } from "./constant-pair.ts";
import { generateLoop, type LoopSource } from "./generate.ts";
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
  source: LoopSource,
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
      steps.map(({ kind, fn }) => ({
        kind,
        separator: kind === "flatMap" ? splitSeparator(fn) : undefined,
        constant: kind === "map" ? constantOf(fn) : undefined,
      })),
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
  const loops: Partial<Record<LoopSource, Loop<LoopState>>> = {};
  const functions = steps.map(step => step.fn);
  const splits = splitsFirst(steps);
  return (chunk, state) => {
    const source = splits ? sourceOfTexts(chunk) : chunk.kind;
    let loop = loops[source];
    if (loop === undefined) {
      const factory = factoryFor(source, steps, sink, sinkFunctions);
      loop = factory(functions, sinkFunctions, loopHelpers);
      loops[source] = loop;
    }
    return loop(chunk, state);
  };
}

/** Whether strings are cut before anything else is made of them: it is quicker when they are known to be strings. */
function splitsFirst(steps: readonly FusedStep[]): boolean {
  const first = steps.find(({ kind }) => kind !== "filter");
  return first?.kind === "flatMap" && splitSeparator(first.fn) !== undefined;
}

/** How the loop is to see a chunk that texts are cut from. */
function sourceOfTexts(chunk: Chunk): LoopSource {
  if (chunk.kind === "values" && areStrings(chunk)) return "strings";
  return chunk.kind === "lines" && chunk.isAscii ? "oneByteLines" : chunk.kind;
}

function areStrings({ values, from, to }: ValuesChunk): boolean {
  for (let i = from; i < to; i++) if (typeof values[i] !== "string") return false;
  return true;
}
