import type { Logger } from "../common/log/index.ts";
import type { Platform } from "../common/platform/platform.ts";
import { systemPlatform } from "../common/platform/system/index.ts";
import type { Engine } from "./engine.ts";
import { InlineExecutor } from "./local/inline-executor.ts";
import { LocalEngine } from "./local/local-engine.ts";
import { WorkerExecutor } from "./local/worker-executor.ts";
import { parseMaster } from "./master.ts";
import { RemoteEngine } from "./remote-engine.ts";

/**
 * The engine of a master. `local` and `local[1]` run tasks in this thread, `local[n]` on n worker threads;
 * on a platform other than the system's everything stays in this thread, because threads are not
 * deterministic. `sc://` masters bring an engine of their own package, loaded when a job first needs it.
 */
export function createEngine(master: string, platform: Platform, log: Logger): Engine {
  const parsed = parseMaster(master, platform.host.processors);
  if (parsed.kind === "remote") return new RemoteEngine(parsed.url, platform, log);
  const executor =
    parsed.threads === 1 || platform !== systemPlatform
      ? new InlineExecutor(platform)
      : new WorkerExecutor(parsed.threads, log);
  return new LocalEngine(executor, parsed.threads, parsed.maxFailures, log);
}
