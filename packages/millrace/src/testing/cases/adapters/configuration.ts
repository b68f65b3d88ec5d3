import { SparkConf } from "../../../common/conf/index.ts";
import { list, type UnitAdapter } from "./adapter.ts";

const key = "case.value";

function confOf(args: unknown): SparkConf {
  return new SparkConf().set(key, String(list(args)[0]));
}

/** How configuration values are read. */
export const configurationAdapters: Readonly<Record<string, UnitAdapter>> = {
  "conf time as seconds": args => confOf(args).getTimeAsSeconds(key),
  "conf time as ms": args => confOf(args).getTimeAsMs(key),
};
