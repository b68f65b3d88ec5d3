export { EventLog } from "./event-log.ts";
export type {
  AccumulableInfo,
  EventOf,
  JobProperties,
  PlannedStage,
  SparkListener,
  SparkListenerEvent,
  StageInfo,
  TaskInfo,
} from "./events.ts";
export { ListenerBus } from "./listener-bus.ts";
export { ProgressBar } from "./progress-bar.ts";
