export { createEngine, type EngineSettings } from "./create-engine.ts";
export type { Engine, Job, JobSink, StorageStatus } from "./engine.ts";
export {
  EventLog,
  type JobProperties,
  ListenerBus,
  ProgressBar,
  type SparkListener,
  type SparkListenerEvent,
  type StageInfo,
  type TaskInfo,
} from "./events/index.ts";
export { driverFailure } from "./failure.ts";
export type { StorageConfig } from "./local/local-storage.ts";
export { FIFO, parsePools, type SchedulingConfig } from "./local/scheduling/pools.ts";
export { type Master, parseMaster } from "./master.ts";
