import { type Command, InvalidArgumentError } from "commander";
import { type ConfOptions, confOf, withConfOptions } from "../conf-options.ts";
import type { Output } from "../output.ts";
import { runDemo } from "./demo.ts";

interface Options extends ConfOptions {
  readonly forever?: true;
  readonly batches: number;
  readonly rate: number;
}

/** Adds `millrace demo`. */
export function demoCommand(program: Command, output: Output): void {
  const command = program
    .command("demo")
    .description("count the words of a live text, with nothing else installed")
    .option("--forever", "go on until Ctrl-C")
    .option("--batches <n>", "stop after about this many batches of one second", positiveInteger, 10)
    .option("--rate <n>", "lines the text server sends in a second", positiveInteger, 3_000);
  withConfOptions(command).action(async (options: Options) => {
    const batches = options.forever ? undefined : options.batches;
    await runDemo({ batches, linesPerSecond: options.rate, conf: confOf(options) }, output);
  });
}

function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("It must be a whole number above 0.");
  return Number(text);
}
