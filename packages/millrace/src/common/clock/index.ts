export type { Timer } from "../platform/platform.ts";
export { ManualClock } from "./manual-clock.ts";
export type { StreamClock } from "./stream-clock.ts";
export { SystemStreamClock } from "./system-stream-clock.ts";
