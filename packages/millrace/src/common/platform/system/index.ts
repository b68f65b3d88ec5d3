import type { Platform } from "../platform.ts";
import { systemClock } from "./clock.ts";
import { systemFiles } from "./files.ts";
import { systemHost } from "./host.ts";
import { systemNetwork } from "./network.ts";
import { systemRandom } from "./random.ts";
import { systemTimers } from "./timers.ts";

/** The real world: the machine's clock, files, network and this process. */
export const systemPlatform: Platform = {
  clock: systemClock,
  timers: systemTimers,
  random: systemRandom,
  files: systemFiles,
  network: systemNetwork,
  host: systemHost,
  threadFiles: {},
};
