import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import * as os from "node:os";
import path, { join as joined } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parse } from "acorn";
import * as library from "./fixtures/library.ts";
import twice, { change, changing, Greeter, instance, limit as renamed } from "./fixtures/library.ts";
import { Thread } from "./fixtures/thread.ts";
import { elsewhere } from "./fixtures/transport.ts";
import { type AnyFunction, reviveClosure, shipClosure } from "./index.ts";

const require = createRequire(import.meta.url);
const thread = new Thread();
after(() => thread.close());

const helper = (text: string) => twice(text) + renamed;
const alias = instance;
class Formal extends Greeter {
  override greet(name: string): string {
    return `${super.greet(name)}!`;
  }
}

type Case = readonly [name: string, fn: AnyFunction, args: readonly unknown[], expected: unknown];
const cases: readonly Case[] = [
  ["a named import", () => renamed, [], 40],
  ["a default import", (text: string) => twice(text), ["a"], "aa"],
  ["a namespace", () => [library.limit, library.default("b")], [], [40, "bb"]],
  ["an import of a helper", (text: string) => helper(text), ["c"], "cc40"],
  ["an imported class with private state", () => new Greeter().greet("you"), [], "hello you"],
  ["a class with an imported parent", () => new Formal().greet("you"), [], "hello you!"],
  [
    "a module of Node",
    () => [joined("a", "b"), path.sep === "/" || path.sep === "\\", typeof os.EOL],
    [],
    [joined("a", "b"), true, "string"],
  ],
  ["a package", () => parse("x", { ecmaVersion: 2020 }).type, [], "Program"],
  ["an import shadowed by a parameter", (renamed: number) => renamed + 1, [1], 2],
  [
    "import.meta",
    () => [import.meta.url, import.meta.filename, import.meta.dirname, import.meta.resolve("./x.ts")],
    [],
    [import.meta.url, import.meta.filename, import.meta.dirname, new URL("./x.ts", import.meta.url).href],
  ],
  ["a dynamic import", async () => (await import("./fixtures/library.ts")).limit, [], 40],
  ["a dynamic import of a package", async () => typeof (await import("acorn")).parse, [], "function"],
  [
    "a dynamic import by a variable",
    async (name: string) => ((await import(name)) as typeof library).limit,
    ["./fixtures/library.ts"],
    40,
  ],
  [
    "require",
    () => (require("node:path") as typeof path).basename(require.resolve("./fixtures/library.ts")),
    [],
    "library.ts",
  ],
];

for (const [name, fn, args, expected] of cases) {
  test(`${name}, revived`, async () => {
    assert.deepEqual(await ((await elsewhere(fn)) as (...args: unknown[]) => unknown)(...args), expected);
  });
  test(`${name}, in another thread`, async () => {
    assert.deepEqual(await thread.call(fn, ...args), expected);
  });
}

test("an import is the module's own binding, not a copy, whatever way leads to it", async () => {
  const revived = await elsewhere(() => [instance, alias, library.instance]);
  for (const found of revived()) assert.equal(found, instance);
});

test("another thread has modules of its own", async () => {
  instance.loaded = 5;
  assert.equal(await thread.call(() => instance.loaded), 1);
});

test("no value of an import travels", () => {
  change();
  const before = shipClosure(() => changing, { operator: "map" });
  change();
  const after = shipClosure(() => changing, { operator: "map" });
  assert.deepEqual(
    [before, after].map(({ nodes }) => nodes.find(node => node.kind === "import")),
    Array(2).fill({
      kind: "import",
      specifier: new URL("./fixtures/library.ts", import.meta.url).href,
      exported: "changing",
      base: "",
    }),
  );
});

test("imports stay imports when a worker sends a function on", async () => {
  const shipped = await thread.resend(shipClosure((text: string) => helper(text), { operator: "map" }));
  assert.ok(shipped.nodes.some(node => node.kind === "import" && node.exported === "default"));
  assert.equal(((await reviveClosure(shipped)) as (text: string) => string)("d"), "dd40");
});

test("a module that cannot be loaded", async () => {
  const shipped = shipClosure(() => renamed, { operator: "map" });
  const nodes = shipped.nodes.map(node =>
    node.kind === "import" ? { ...node, specifier: "file:///nowhere.js" } : node,
  );
  await assert.rejects(reviveClosure({ ...shipped, nodes, hash: "nowhere" }), { code: "MR_CLOSURE_REVIVE" });
  const others = shipped.nodes.map(node => (node.kind === "import" ? { ...node, exported: "other" } : node));
  await assert.rejects(reviveClosure({ ...shipped, nodes: others, hash: "other" }), {
    code: "MR_CLOSURE_REVIVE",
    message: /no export other/,
  });
});

const folder = mkdtempSync(joined(os.tmpdir(), "millrace-closure-"));
after(() => rmSync(folder, { recursive: true }));

/** Runs a program that ships `fn` and prints what the revived one answers in a thread of its own. */
function runProgram(file: string, program: string, flags: readonly string[] = []): string {
  const main = joined(folder, file);
  writeFileSync(main, program);
  const arguments_ = ["--conditions=millrace-source", ...flags, main];
  return execFileSync(process.execPath, arguments_, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
}

const closureUrl = JSON.stringify(pathToFileURL(fileURLToPath(new URL("./index.ts", import.meta.url))).href);
const workerUrl = JSON.stringify(new URL("./fixtures/revive-in-worker.ts", import.meta.url).href);

const finish = `
  const worker = new Worker(new URL(${workerUrl}));
  worker.on("message", message => { console.log(JSON.stringify(message)); worker.terminate(); });
  worker.postMessage({ shipped: shipClosure(fn, { operator: "map" }), args: [2] });
`;

const built = `
import { Worker } from "node:worker_threads";
import { join } from "node:path";
import { shipClosure } from ${closureUrl};
import { factor as times } from "./factor.js";
const base = 3, add = x => x * times + base;
class Joining { parts = ["a", "b"]; fn() { return x => [add(x), join(...this.parts)]; } }
const fn = new Joining().fn();
${finish}
`;

test("built JavaScript", () => {
  writeFileSync(joined(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(joined(folder, "factor.js"), "export const factor = 10;");
  const expected = JSON.stringify({ value: [23, joined("a", "b")] });
  assert.equal(runProgram("built.js", built).trim(), expected);
});

test("a program that is being debugged", () => {
  const expected = JSON.stringify({ value: [23, joined("a", "b")] });
  assert.equal(runProgram("debugged.js", built, ["--inspect=0"]).trim(), expected);
});

test("CommonJS, with modules it requires", () => {
  mkdirSync(joined(folder, "node_modules", "cjs-package"), { recursive: true });
  writeFileSync(
    joined(folder, "node_modules", "cjs-package", "index.js"),
    "let n = 0; exports.next = () => ++n; exports.big = 4;",
  );
  writeFileSync(joined(folder, "local.cjs"), "const own = 5; module.exports = { addOwn: x => x + own };");
  const program = `
    const { Worker } = require("node:worker_threads");
    const path = require("path");
    const { addOwn } = require("./local.cjs");
    const pack = require("cjs-package");
    const { shipClosure } = require(${closureUrl}.replace("file://", ""));
    const fn = x => [addOwn(x), pack.next(), path.join("a", "b"), path.basename(__filename), require("./local.cjs").addOwn(1)];
    ${finish}
  `;
  const expected = { value: [7, 1, joined("a", "b"), "main.cjs", 6] };
  assert.deepEqual(JSON.parse(runProgram("main.cjs", program)), expected);
});
