import type { DiskModel, FileFault } from "../../common/platform/deterministic/index.ts";
import { SeededRandom } from "../../common/platform/deterministic/random.ts";

/** How a process of the simulated application ends. */
export type Ending =
  /** In one of its calls of the file system. */
  | {
      readonly kind: "crash";
      readonly call: number;
      readonly hasTakenEffect: boolean;
      readonly model: DiskModel;
    }
  | { readonly kind: "stop"; readonly graceful: boolean };

/** One process of the simulated application. */
export interface Life {
  readonly seed: number;
  readonly ending: Ending;
  /** Calls of the file system that are refused, by number. */
  readonly errors: ReadonlyMap<number, Extract<FileFault, { kind: "error" }>["errno"]>;
  /** When it is stopped if nothing else has ended it, in milliseconds. */
  readonly lastsMs: number;
  /** How long nothing runs afterwards, in milliseconds. */
  readonly downMs: number;
}

/** The streams that are computed of the records. */
export interface Pipeline {
  readonly window:
    | { readonly lengthMs: number; readonly slideMs: number; readonly hasInverse: boolean }
    | undefined;
  readonly hasTotals: boolean;
  readonly hasSessions: boolean;
}

/** Where records come from. */
export type InputKind = "files" | "receiver" | "offsets";

/** A record the world produces. */
export interface Produced {
  readonly atMs: number;
  readonly input: InputKind;
  /** `key id`: the id is the record's own. */
  readonly text: string;
}

/** Everything that is decided before a simulation runs. */
export interface Scenario {
  readonly seed: number;
  readonly batchMs: number;
  readonly partitions: number;
  readonly rollBytes: number;
  readonly checkpointMs: number | undefined;
  readonly concurrentJobs: number;
  readonly inputs: readonly InputKind[];
  readonly pipeline: Pipeline;
  readonly produced: readonly Produced[];
  readonly lives: readonly Life[];
}

const batchMs = 1000;
const models: readonly DiskModel[] = ["allSynced", "unsyncedLost", "lastWriteTorn", "killed"];
const errnos = ["EIO", "ENOSPC", "EMFILE"] as const;

/** Draws a scenario. The same seed gives the same one. */
export function drawScenario(seed: number): Scenario {
  const draw = new Draw(seed);
  const inputs = (["files", "receiver", "offsets"] as const).filter(() => draw.chance(0.6));
  if (inputs.length === 0) inputs.push(draw.of(["files", "receiver", "offsets"] as const));
  return {
    seed,
    batchMs,
    partitions: draw.integer(1, 3),
    rollBytes: draw.of([40, 400, 1e9]),
    checkpointMs: draw.of([undefined, batchMs, 3 * batchMs]),
    concurrentJobs: draw.of([1, 1, 1, 2]),
    inputs,
    pipeline: {
      window: draw.chance(0.7)
        ? {
            lengthMs: batchMs * draw.integer(2, 4),
            slideMs: batchMs * draw.integer(1, 2),
            hasInverse: draw.chance(0.6),
          }
        : undefined,
      hasTotals: draw.chance(0.5),
      hasSessions: draw.chance(0.5),
    },
    produced: drawRecords(draw, inputs),
    lives: Array.from({ length: draw.integer(1, 3) }, () => drawLife(draw)),
  };
}

function drawRecords(draw: Draw, inputs: readonly InputKind[]): Produced[] {
  const produced: Produced[] = [];
  let atMs = 0;
  for (let id = 0, count = draw.integer(5, 40); id < count; id++) {
    atMs += draw.chance(0.2) ? draw.integer(500, 3000) : draw.integer(0, 400);
    produced.push({ atMs, input: draw.of(inputs), text: `${draw.of(["a", "b", "c", "d"])} ${id}` });
  }
  return produced;
}

function drawLife(draw: Draw): Life {
  const errors = new Map<number, (typeof errnos)[number]>();
  if (draw.chance(0.3)) {
    for (let i = draw.integer(1, 3); i > 0; i--) errors.set(draw.integer(1, 300), draw.of(errnos));
  }
  return {
    seed: draw.integer(1, 1e9),
    ending: draw.chance(0.85)
      ? {
          kind: "crash",
          call: draw.integer(1, draw.of([20, 60, 400])),
          hasTakenEffect: draw.chance(0.5),
          model: draw.of(models),
        }
      : { kind: "stop", graceful: draw.chance(0.5) },
    errors,
    lastsMs: draw.integer(500, 8000),
    downMs: draw.of([0, 10, 700, 3500]),
  };
}

/** Chance, as a scenario needs it. */
class Draw {
  readonly #random: SeededRandom;

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
  }

  chance(probability: number): boolean {
    return this.#random.next() < probability;
  }

  /** From `least` to `most`, both included. */
  integer(least: number, most: number): number {
    return least + Math.floor(this.#random.next() * (most - least + 1));
  }

  of<T>(choices: readonly T[]): T {
    const choice = choices[this.integer(0, choices.length - 1)];
    return choice as T;
  }
}
