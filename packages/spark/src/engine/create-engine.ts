import type { Engine, Logger, Platform } from "millrace/engine";
import { parseConnectUrl } from "../connect/connect-url.ts";
import { SparkEngine } from "./spark-engine.ts";

/**
 * The engine of a Spark Connect server. Called by the core for masters `sc://host[:port][/;key=value…]`, with
 * Spark's keys `user_id`, `token` and `use_ssl`, and `node`: the command that starts Node on an executor.
 *
 * @throws MR_MASTER_INVALID
 */
export function createEngine(master: string, platform: Platform, log: Logger): Engine {
  return new SparkEngine(parseConnectUrl(master), platform, log);
}
