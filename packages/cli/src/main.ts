import { Command, CommanderError } from "commander";
import { type Platform, systemPlatform } from "millrace";
import { demoCommand } from "./demo/demo-command.ts";
import { reportError } from "./report-error.ts";
import { runExampleCommand } from "./run-example-command.ts";
import { version } from "./version.ts";

/**
 * Runs the `millrace` command and answers with its exit code: 0 when all went well, 1 when the program
 * failed, 2 when the command line made no sense.
 */
export async function main(args: readonly string[], platform: Platform = systemPlatform): Promise<number> {
  try {
    await createProgram(platform).parseAsync([...args], { from: "user" });
    return 0;
  } catch (error) {
    // Help and version end the parsing by an "error" with exit code 0; commander has printed what there is to say.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    return reportError(error, platform.host);
  }
}

function createProgram(platform: Platform): Command {
  const program = new Command("millrace")
    .description("Spark Streaming for TypeScript")
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: text => platform.host.stdout(text),
      writeErr: text => platform.host.stderr(text),
    })
    .showHelpAfterError("(millrace --help shows what there is)");
  for (const add of [demoCommand, runExampleCommand]) add(program, platform);
  return program;
}
