import { type Command, InvalidArgumentError } from "commander";
import { SparkConf } from "millrace";

/** The options by which a command configures the program it runs. */
export interface ConfOptions {
  readonly master?: string;
  readonly conf: Readonly<Record<string, string>>;
}

/** Adds `--master` and `--conf` to a command. */
export function withConfOptions(command: Command): Command {
  return command
    .option("-m, --master <master>", "where to run: local, local[2], local[*], …")
    .option("-c, --conf <key=value>", "a configuration key, may be given more than once", collectConf, {});
}

function collectConf(text: string, before: Record<string, string>): Record<string, string> {
  const at = text.indexOf("=");
  if (at <= 0)
    throw new InvalidArgumentError("Write it as key=value, such as spark.streaming.blockInterval=100ms.");
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

/** The configuration a program starts from. */
export function confOf({ master, conf }: ConfOptions): SparkConf {
  const result = new SparkConf();
  for (const [key, value] of Object.entries(conf)) result.set(key, value);
  if (master !== undefined) result.setMaster(master);
  return result;
}
