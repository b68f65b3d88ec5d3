import type { Logger } from "../common/log/index.ts";
import type { Platform } from "../common/platform/platform.ts";
import { systemPlatform } from "../common/platform/system/index.ts";
import { unlimitedMemory } from "../task/memory/task-memory.ts";
import type { Engine } from "./engine.ts";
import { ListenerBus } from "./events/listener-bus.ts";
import { StageEvents } from "./events/stage-events.ts";
import { InlineExecutor } from "./local/inline-executor.ts";
import { LocalEngine } from "./local/local-engine.ts";
import { LocalStorage, type StorageConfig } from "./local/local-storage.ts";
import { FIFO, type SchedulingConfig } from "./local/scheduling/pools.ts";
import { WorkerExecutor } from "./local/worker-executor.ts";
import { parseMaster } from "./master.ts";
import { RemoteEngine } from "./remote-engine.ts";

/** What an engine is told beside its master. */
export interface EngineSettings {
  /** Where it tells of stages and tasks. */
  readonly events?: ListenerBus;
  /** How jobs share the slots; default: the oldest first. */
  readonly scheduling?: SchedulingConfig;
  /** How much memory tasks and kept partitions may use; default: what there is. */
  readonly storage?: StorageConfig;
}

/**
 * The engine of a master. `local` and `local[1]` run tasks in this thread, `local[n]` on n worker threads;
 * on a platform that threads cannot have, such as a deterministic one, everything stays in this thread. `sc://` masters bring an engine of their own package, loaded when a job first needs it.
 */
export function createEngine(
  master: string,
  platform: Platform,
  log: Logger,
  { events = new ListenerBus(log), scheduling = FIFO, storage: config }: EngineSettings = {},
): Engine {
  const parsed = parseMaster(master, platform.host.processors);
  if (parsed.kind === "remote") return new RemoteEngine(parsed.url, platform, log);
  const { threadFiles } = platform;
  const isInline = parsed.threads === 1 || threadFiles === undefined;
  const storage =
    config === undefined ? undefined : new LocalStorage(config, platform, log, isInline ? 1 : parsed.threads);
  // Process ids mean nothing in a simulation.
  if (platform.host === systemPlatform.host) void storage?.removeStale();
  const executor = isInline
    ? new InlineExecutor(platform, scheduling, storage?.settings)
    : new WorkerExecutor(parsed.threads, platform.timers, log, scheduling, {
        memory: storage?.settings ?? unlimitedMemory(),
        fileSystems: threadFiles,
      });
  const stageEvents = new StageEvents(events, platform.clock);
  return new LocalEngine(executor, parsed.threads, parsed.maxFailures, log, stageEvents, storage);
}
