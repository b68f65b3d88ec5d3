#!/usr/bin/env node
// Plain JavaScript for any Node from 20 on: finds a Node that is recent enough, then hands over to the command.
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const self = fileURLToPath(import.meta.url);
const needed = [22, 18];
const condition = "--conditions=millrace-source";
const sourceMain = join(dirname(self), "..", "src", "main.ts");
/** In a checkout the sources run as they are; the published package holds the built files alone. */
const fromSource = existsSync(sourceMain);

if (!isRecent(process.versions.node)) {
  const node = findNode();
  if (node === undefined) {
    console.error(
      `millrace needs Node ${needed.join(".")} or newer and this is Node ${process.versions.node}.\n` +
        "Install a newer Node, or add one to the project: npm install --save-dev node@24",
    );
    process.exitCode = 1;
  } else handOver(node);
} else if (fromSource && !process.execArgv.includes(condition)) handOver(process.execPath);
else {
  const main = fromSource ? sourceMain : join(dirname(self), "..", "dist", "main.js");
  const { main: run } = await import(pathToFileURL(main).href);
  process.exitCode = await run(process.argv.slice(2), {
    stdout: text => process.stdout.write(text),
    stderr: text => process.stderr.write(text),
  });
}

/** @param {string} version */
function isRecent(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > needed[0] || (major === needed[0] && minor >= needed[1]);
}

/** The binary of the npm package "node", looked for from the working directory and from here. */
function findNode() {
  for (const from of [join(process.cwd(), "package.json"), self]) {
    try {
      const node = join(dirname(createRequire(from).resolve("node/package.json")), "bin", "node");
      const { status, stdout } = spawnSync(node, ["--version"], { encoding: "utf8" });
      if (status === 0 && isRecent(stdout.trim().slice(1))) return node;
    } catch {
      // Not installed there.
    }
  }
  return undefined;
}

/** Runs this file again under another Node or with the condition, as if it were this process. */
function handOver(node) {
  const flags = process.execArgv.filter(flag => flag !== condition);
  if (fromSource) flags.push(condition);
  const args = [...flags, self, ...process.argv.slice(2)];
  // Becoming the other process is best: there is nobody in between to pass on signals and exit codes.
  if (process.execve && process.platform !== "win32") process.execve(node, [node, ...args]);
  const child = spawn(node, args, { stdio: "inherit" });
  for (const signal of ["SIGTERM", "SIGHUP", "SIGINT"]) {
    process.on(signal, () => {
      // Ctrl-C reaches every process of the terminal: passed on, it would arrive twice, and twice means "at once".
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on("error", error => {
    console.error(`millrace could not start ${node}: ${error.message}`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    process.exit(code ?? 128 + (constants.signals[signal] ?? 0));
  });
}
