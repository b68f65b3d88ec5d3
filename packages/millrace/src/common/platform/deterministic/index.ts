import type { Platform } from "../platform.ts";
import { type DiskModel, SimulatedDisk } from "./disk.ts";
import { type InitialFiles, SimulatedFiles } from "./files.ts";
import { SimulatedHost } from "./host.ts";
import { SimulatedNetwork } from "./network.ts";
import { SeededRandom } from "./random.ts";
import { SimulatedTime } from "./time.ts";
import { TurnQueue } from "./turns.ts";

export { type DiskModel, SimulatedDisk } from "./disk.ts";
export type { FileCall, FileFault, InitialFiles } from "./files.ts";
export { createMemoryFileSystem, type MemoryFileSystem } from "./memory-files.ts";

/** What a simulation starts from. */
export interface DeterministicPlatformOptions {
  /** Decides all chance; the same seed and program give the same run. */
  readonly seed: number;
  /** What the clock shows first, in ms since the epoch; default 0. */
  readonly startMs?: number;
  /** Files that are there from the start. */
  readonly files?: InitialFiles;
  /** The disk it runs on, such as that of a process that crashed; default a new one. */
  readonly disk?: SimulatedDisk;
  /** Default 2. */
  readonly processors?: number;
  /** Environment variables; default none. */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * A world inside one program: its clock moves only when told, its files, network and output are kept in
 * memory. What can run at the present moment runs by itself, one callback a turn, in an order that depends
 * on nothing outside.
 */
export interface DeterministicPlatform extends Platform {
  readonly clock: SimulatedTime;
  readonly timers: SimulatedTime;
  readonly files: SimulatedFiles;
  readonly host: SimulatedHost;
  /** Where its files are: a platform made with it later finds them there. */
  readonly disk: SimulatedDisk;
  /** Whether `crash` was called. */
  readonly isCrashed: boolean;
  /** Lets `ms` pass: timers run in the order of their times, and all that follows from one before the next. */
  advance(ms: number): Promise<void>;
  /** Resolves when nothing can run without time passing. Throws MR_SIMULATION when that never happens. */
  settle(): Promise<void>;
  /**
   * Lets time pass from timer to timer until `promise` is settled, and answers as it does.
   *
   * @throws MR_SIMULATION when that takes more than `limitMs` (default one hour) or nothing is left to wait for
   */
  run<T>(promise: Promise<T>, limitMs?: number): Promise<T>;
  /**
   * Ends the process at this very moment, as `kill -9` or a loss of power: nothing of it runs, is written or
   * is answered any more.
   *
   * @param model what the disk keeps of it; default all that was written
   */
  crash(model?: DiskModel): void;
}

/**
 * Makes a world of its own, independent of every other.
 *
 * ```ts
 * import assert from "node:assert";
 * import { SparkContext } from "millrace";
 * import { createDeterministicPlatform } from "millrace/testing";
 * const platform = createDeterministicPlatform({ seed: 1, files: { "/in/a.txt": "to be\nor not\n" } });
 * const sc = new SparkContext("local", "simulated", { platform });
 * assert.deepEqual(await sc.textFile("/in").collect(), ["to be", "or not"]);
 * await sc.stop();
 * ```
 */
export function createDeterministicPlatform(options: DeterministicPlatformOptions): DeterministicPlatform {
  const { seed, startMs = 0, files: initial = {}, processors = 2, environment = {} } = options;
  const turns = new TurnQueue();
  const time = new SimulatedTime(turns, startMs);
  const random = new SeededRandom(seed);
  const host = new SimulatedHost(processors, environment);
  const disk = options.disk ?? new SimulatedDisk(startMs);
  const crash = (model: DiskModel = "allSynced"): void => {
    if (turns.isStopped) return;
    turns.stop();
    host.isCrashed = true;
    disk.losePower(model, random);
  };
  const files = new SimulatedFiles(disk, {
    clock: time,
    get isCrashed() {
      return turns.isStopped;
    },
    yieldTurn: () => time.yieldTurn(),
    crash,
  });
  for (const [path, content] of Object.entries(initial)) files.put(path, content);
  return {
    clock: time,
    timers: time,
    random,
    files,
    network: new SimulatedNetwork(turns),
    host,
    disk,
    get isCrashed() {
      return turns.isStopped;
    },
    advance: ms => time.advance(ms),
    settle: () => turns.rest(),
    run: (promise, limitMs = 3_600_000) => time.runUntilSettled(promise, limitMs),
    crash,
  };
}
