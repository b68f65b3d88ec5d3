import { Command, CommanderError } from "commander";
import { StreamingContext } from "millrace";
import { checkpointCommand } from "./checkpoint/checkpoint-command.ts";
import { demoCommand } from "./demo/demo-command.ts";
import type { Output } from "./output.ts";
import { reportError } from "./report-error.ts";
import { runExampleCommand } from "./run-example-command.ts";
import { version } from "./version.ts";

/**
 * Runs the `millrace` command and answers with its exit code: 0 when all went well, 1 when the program
 * failed, 2 when the command line made no sense.
 */
export async function main(args: readonly string[], output: Output): Promise<number> {
  try {
    await createProgram(output).parseAsync([...args], { from: "user" });
    return 0;
  } catch (error) {
    // Help and version end the parsing by an "error" with exit code 0; commander has printed what there is to say.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    // A failed job does not end its context by itself, and a context keeps the process alive.
    await StreamingContext.getActive()?.stop();
    return reportError(error, output);
  }
}

function createProgram(output: Output): Command {
  const program = new Command("millrace")
    .description("Spark Streaming for TypeScript")
    .version(version)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: text => output.stdout(text),
      writeErr: text => output.stderr(text),
    })
    .showHelpAfterError("(millrace --help shows what there is)");
  demoCommand(program, output);
  runExampleCommand(program);
  checkpointCommand(program, output);
  return program;
}
