export { createEngine } from "./create-engine.ts";
export type { Engine, Job, JobSink } from "./engine.ts";
export { driverFailure } from "./failure.ts";
export { type Master, parseMaster } from "./master.ts";
