import { type Example, examples } from "@millrace/examples";
import type { Command } from "commander";
import { type ConfOptions, confOf, withConfOptions } from "./conf-options.ts";
import { nearest } from "./nearest.ts";
import { UsageError } from "./usage-error.ts";

/** Adds `millrace run-example <Name> [args…]`. */
export function runExampleCommand(program: Command): void {
  const command = program
    .command("run-example")
    .description("run an example; without a name, list them")
    .argument("[name]", "the example's name, such as NetworkWordCount")
    .argument("[args...]", "what the example takes");
  withConfOptions(command).action(async (name: string | undefined, args: string[], options: ConfOptions) => {
    const example = findExample(name);
    const { run } = await example.load();
    await run(args, confOf(options));
  });
  command.addHelpText("after", () => `\nExamples:\n${exampleList()}`);
}

/** The example of that name. Throws a `UsageError` that lists them all when there is none. */
export function findExample(name: string | undefined): Example {
  const found = examples.find(each => each.name === name);
  if (found) return found;
  if (name === undefined) throw new UsageError(`Which example?\n\n${exampleList()}`);
  const guess = nearest(
    name,
    examples.map(each => each.name),
  );
  const suggestion = guess === undefined ? "" : ` Did you mean ${guess}?`;
  throw new UsageError(`There is no example "${name}".${suggestion}\n\n${exampleList()}`);
}

function exampleList(): string {
  const uses = examples.map(({ name, usage }) => `${name} ${usage}`.trimEnd());
  const width = Math.max(...uses.map(use => use.length));
  return examples
    .map(({ description }, i) => `  ${(uses[i] ?? "").padEnd(width)}  ${description}`)
    .join("\n");
}
