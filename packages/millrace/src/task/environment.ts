import type { Platform } from "../common/platform/platform.ts";
import { EventLoopTurns } from "./event-loop-turns.ts";
// Functions of tasks may hold such variables, which this side must know.
import "./executor-local.ts";
import { type MemorySettings, TaskMemory, unlimitedMemory } from "./memory/task-memory.ts";
import { PartitionCache } from "./partition-cache.ts";
import { StateStore } from "./state/state-store.ts";

/** What the place where tasks run (this thread, a worker, an executor) offers them. */
export interface TaskEnvironment {
  readonly platform: Platform;
  readonly cache: PartitionCache;
  readonly states: StateStore;
  readonly memory: TaskMemory;
  readonly turns: EventLoopTurns;
  /** Start of the hashes of aggregation tables, unpredictable to whoever chooses the keys. */
  readonly hashSeed: number;
  /**
   * Whether results reach the program as the very objects tasks worked on: they are copied then, as persisted
   * partitions, blocks of shuffles and the program's own collections may hold them, too.
   */
  readonly sharesResults: boolean;
}

/** The environment of a thread. */
export function createTaskEnvironment(
  platform: Platform,
  sharesResults = false,
  settings: MemorySettings = unlimitedMemory(),
): TaskEnvironment {
  const cache = new PartitionCache();
  const memory = new TaskMemory(settings, platform, cache);
  cache.useMemory(memory);
  return {
    platform,
    cache,
    memory,
    states: new StateStore(),
    turns: new EventLoopTurns(platform),
    hashSeed: platform.random.nextUint32(),
    sharesResults,
  };
}

/** Forgets what is kept here of a node: its partitions, or the version of a state. */
export function dropNode({ cache, states }: TaskEnvironment, node: number): void {
  cache.drop(node);
  states.drop(node);
}
