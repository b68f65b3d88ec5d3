import type { SparkConf } from "../../common/conf/index.ts";
import type { Logger } from "../../common/log/index.ts";
import type { Platform } from "../../common/platform/platform.ts";
import { EventLog, type ListenerBus, ProgressBar } from "../../engine/index.ts";

/**
 * Adds the listeners that the configuration asks for: the progress bar and the event log. Answers what closes them, when
 * the last event has been posted.
 */
export function startEvents(
  bus: ListenerBus,
  conf: SparkConf,
  platform: Platform,
  log: Logger,
  appId: string,
): () => Promise<void> {
  const { host } = platform;
  if (conf.get("spark.ui.showConsoleProgress") && host.stderrColumns !== undefined) {
    bus.add(new ProgressBar(platform, () => host.stderrColumns));
  }
  if (!conf.get("spark.eventLog.enabled")) return () => bus.flush();
  const eventLog = new EventLog(platform, log, conf.get("spark.eventLog.dir"), appId);
  bus.add(eventLog);
  return async () => {
    await bus.flush();
    await eventLog.close();
  };
}
