/**
 * Type-checks and runs every example of the documentation: the ```ts blocks of doc comments, of README.md
 * and of docs/. A block marked "ts no-run" is only type-checked.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { runExamples } from "./docs/example-runner.ts";
import { type DocExample, examplesOfMarkdown, examplesOfSource } from "./docs/examples.ts";
import { runNode, tool } from "./support/command.ts";
import { closingLine } from "./support/tally.ts";
import { fromRoot, packageFolders, sourceFiles, workspaceRoot } from "./support/workspace.ts";
import { parseDiagnostics } from "./type-tests/markers.ts";

interface PlacedExample extends DocExample {
  /** The file it was written to. */
  readonly path: string;
  /** The source it stands in, from the root. */
  readonly source: string;
}

const folder = join(workspaceRoot, ".cache", "doc-examples");
const filters = process.argv.slice(2);
const examples = placeExamples();
const problems = new Map<PlacedExample, string>();
await typeCheck();
await run();

for (const [example, problem] of problems) {
  console.log(`${example.source}:${example.line}: ${problem.replaceAll("\n", "\n    ")}`);
}
const failed = problems.size;
console.log(closingLine({ passed: examples.length - failed, failed, skipped: 0 }));
process.exitCode = failed === 0 ? 0 : 1;

/** Writes every example to a file of its own from which "millrace" resolves to the sources. */
function placeExamples(): PlacedExample[] {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const sources = sourceFiles(
    ...packageFolders.map(each => `${each}/src/**/*.ts`),
    "{README,packages/*/README}.md",
    "docs/**/*.md",
  );
  return sources
    .filter(path => filters.length === 0 || filters.some(filter => path.includes(filter)))
    .flatMap(path => {
      const text = readFileSync(path, "utf8");
      const found = path.endsWith(".md") ? examplesOfMarkdown(text) : examplesOfSource(text);
      return found.map(example => place(example, fromRoot(path)));
    });
}

function place(example: DocExample, source: string): PlacedExample {
  const stem = source
    .replace(/^packages\//, "")
    .replace(/\/src\//, "/")
    .replace(/\.(ts|md)$/, "");
  const path = join(folder, `${stem.replaceAll("/", "-")}-${example.line}.ts`);
  writeFileSync(path, `${example.code}\nexport {};\n`);
  return { ...example, path, source };
}

async function typeCheck(): Promise<void> {
  if (examples.length === 0) return;
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      extends: "../../tsconfig.base.json",
      compilerOptions: { noEmit: true, composite: false, noUnusedLocals: false, noUnusedParameters: false },
      include: ["*.ts"],
    }),
  );
  const { output } = await runNode([tool("tsc"), "-p", folder, "--pretty", "false"]);
  const byPath = new Map(examples.map(example => [example.path, example]));
  for (const { file, line, message } of parseDiagnostics(output)) {
    const example = byPath.get(resolve(workspaceRoot, file));
    // Errors in the packages themselves are the type check's to report.
    if (!example) continue;
    const known = problems.get(example);
    const text = `line ${example.line + line - 1}: ${message}`;
    problems.set(example, known === undefined ? text : `${known}\n${text}`);
  }
}

async function run(): Promise<void> {
  const runnable = examples.filter(
    example => example.runs && !problems.has(example) && existsSync(example.path),
  );
  const byPath = new Map(runnable.map(example => [example.path, example]));
  for (const { path, error } of await runExamples([...byPath.keys()], 2)) {
    const example = byPath.get(path);
    if (error !== undefined && example) problems.set(example, error.replaceAll(folder, basename(folder)));
  }
}
