/**
 * Checks what would be published: packs every package in a checkout that was not built, which builds it, lets publint
 * and are-the-types-wrong look at the tarballs, installs them in an empty folder outside the workspace, and there compiles and runs the
 * README's program and the `millrace` command as a new user would.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { examplesOfMarkdown } from "./docs/examples.ts";
import { type CommandResult, runCommand, runNode, tool } from "./support/command.ts";
import { serveLines } from "./support/line-server.ts";
import { closingLine } from "./support/tally.ts";
import { watchRun } from "./support/watched-run.ts";
import { workspaceRoot } from "./support/workspace.ts";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports?: unknown;
}

/** What a careful user's compiler is set to. */
const userConfig = {
  compilerOptions: {
    target: "es2024",
    module: "nodenext",
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
    types: ["node"],
  },
  include: ["*.ts"],
};

const published = [
  "packages/millrace",
  "packages/formats",
  "packages/postgres",
  "packages/spark",
  "examples",
  "packages/cli",
];
const tarballs = join(workspaceRoot, ".cache", "packages");
let passed = 0;
let failed = 0;

// What packing does not make must not be there already.
for (const folder of published) rmSync(join(workspaceRoot, folder, "dist"), { recursive: true, force: true });
const packed = await packAll();
if (packed.length === published.length) {
  const folder = mkdtempSync(join(tmpdir(), "millrace-check-"));
  try {
    await tryAsNewUser(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
console.log(closingLine({ passed, failed, skipped: 0 }));
process.exitCode = failed === 0 ? 0 : 1;

/** Counts a command that has to end with exit code 0, showing its output only when it did not. */
async function report(what: string, command: Promise<CommandResult>): Promise<boolean> {
  const { code, output } = await command;
  return outcome(what, code === 0 ? undefined : `exit code ${code}\n${output}`);
}

function outcome(what: string, problem: string | undefined): boolean {
  if (problem === undefined) passed++;
  else {
    failed++;
    console.log(`${what}: ${problem}`);
  }
  return problem === undefined;
}

/** Packs and inspects every package; answers with the tarballs that are fit to install. */
async function packAll(): Promise<string[]> {
  rmSync(tarballs, { recursive: true, force: true });
  mkdirSync(tarballs, { recursive: true });
  const fit: string[] = [];
  for (const folder of published) {
    const manifest = JSON.parse(
      readFileSync(join(workspaceRoot, folder, "package.json"), "utf8"),
    ) as Manifest;
    for (const name of ["LICENSE", "NOTICE"]) {
      const same = read(join(folder, name)) === read(name);
      outcome(
        `${manifest.name} ${name}`,
        same ? undefined : `${folder}/${name} differs from the one at the root`,
      );
    }
    const pack = runCommand("npm", ["pack", "--silent", "--pack-destination", tarballs], {
      cwd: join(workspaceRoot, folder),
      timeoutMs: 300_000,
    });
    if (!(await report(`${manifest.name} pack`, pack))) continue;
    const tarball = join(
      tarballs,
      `${manifest.name.replace("@", "").replace("/", "-")}-${manifest.version}.tgz`,
    );
    const lint = await report(`${manifest.name} publint`, runNode([tool("publint"), tarball, "--strict"]));
    const types =
      manifest.exports === undefined ||
      (await report(
        `${manifest.name} types`,
        runNode([tool("attw"), tarball, "--profile", "esm-only", "--no-color"]),
      ));
    if (lint && types) fit.push(tarball);
  }
  return fit;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(join(workspaceRoot, path), "utf8");
  } catch {
    return undefined;
  }
}

async function tryAsNewUser(folder: string): Promise<void> {
  // This Node first, so that the shebang of the installed command finds it.
  const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env["PATH"]}` };
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "try", private: true, type: "module" }));
  const nodeTypes = (JSON.parse(read("package.json") ?? "{}") as { devDependencies: Record<string, string> })
    .devDependencies["@types/node"];
  const install = ["install", "--no-audit", "--no-fund", ...packed, `@types/node@${nodeTypes}`];
  if (!(await report("install", runCommand("npm", install, { cwd: folder, env, timeoutMs: 300_000 }))))
    return;

  const server = await serveLines(["to be or not to be", "that is the question"]);
  try {
    const program = examplesOfMarkdown(read("README.md") ?? "").find(each =>
      each.code.includes("socketTextStream"),
    );
    if (!outcome("README", program ? undefined : "has no ts block with socketTextStream") || !program) return;
    writeFileSync(join(folder, "word-count.ts"), program.code.replace("9999", String(server.port)));
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(userConfig));
    await report(
      "README program compiles",
      runNode([tool("tsc"), "-p", folder, "--pretty", "false"], { cwd: folder }),
    );

    // Not by npx, which after Ctrl-C waits for the command and then reports the signal whatever the command did.
    const millrace = join(folder, "node_modules", ".bin", "millrace");
    const runs: readonly (readonly [string, string, readonly string[]])[] = [
      ["README program runs", process.execPath, ["word-count.ts"]],
      ["run-example", millrace, ["run-example", "NetworkWordCount", "localhost", String(server.port)]],
    ];
    for (const [what, command, args] of runs) {
      const { output, problem } = await watchRun({
        command,
        args,
        cwd: folder,
        env,
        until: /Time: \d+ ms\n-{43}\n(?:\(.*\)\n)*\(be,\d+\)/,
        timeoutMs: 30_000,
      });
      outcome(what, problem && `${problem}\n${output}`);
    }
  } finally {
    server.close();
  }
  const demo = ["millrace", "demo", "--batches", "2"];
  await report("demo", runCommand("npx", demo, { cwd: folder, env, timeoutMs: 30_000 }));
}
