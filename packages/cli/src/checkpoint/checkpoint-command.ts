import type { Command } from "commander";
import { describeCheckpoint, removeCheckpoint } from "millrace";
import type { Output } from "../output.ts";
import { UsageError } from "../usage-error.ts";
import { describeText, differences, listText } from "./checkpoint-text.ts";

/** Adds `millrace checkpoint ls|inspect|diff|rm`. */
export function checkpointCommand(program: Command, output: Output): void {
  const command = program.command("checkpoint").description("look into a checkpoint directory");
  const print = (lines: readonly string[]): void => output.stdout(`${lines.join("\n")}\n`);

  command
    .command("ls")
    .description("list the files of a checkpoint")
    .argument("<directory>")
    .action(async (directory: string) => print(listText(await describeCheckpoint(directory))));

  command
    .command("inspect")
    .description("show the newest checkpoint: batches, streams, configuration")
    .argument("<directory>")
    .action(async (directory: string) => print(describeText(await describeCheckpoint(directory))));

  command
    .command("diff")
    .description(
      "show what differs between the newest checkpoints of two directories, or the last two of one",
    )
    .argument("<directory>")
    .argument("[other]")
    .action(async (directory: string, other?: string) => {
      const { checkpoints } = await describeCheckpoint(directory);
      const [newest, before] = checkpoints;
      const compared = other === undefined ? before : (await describeCheckpoint(other)).checkpoints[0];
      if (newest === undefined || compared === undefined) {
        throw new UsageError(`There are no two checkpoints to compare in ${other ?? directory}`);
      }
      const [from, to] = other === undefined ? [compared, newest] : [newest, compared];
      print(differences(from, to));
    });

  command
    .command("rm")
    .description("remove a checkpoint: the next run begins anew")
    .argument("<directory>")
    .option("--yes", "do it; without, only say what would be removed")
    .action(async (directory: string, { yes = false }: { yes?: boolean }) => {
      if (yes) {
        print([`${(await removeCheckpoint(directory)).length} files removed`]);
        return;
      }
      const { files } = await describeCheckpoint(directory);
      print([...files.map(({ name }) => name), `${files.length} files; --yes removes them`]);
    });
}
