import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkFile } from "./rules.ts";

const core = "packages/millrace/src";

interface Case {
  readonly name: string;
  readonly file: string;
  readonly source: string;
  /** A fragment of each message expected, in order. */
  readonly expected: readonly string[];
}

const cases: readonly Case[] = [
  { name: "own layer", file: "plan/a.ts", source: `import { b } from "./b.ts";`, expected: [] },
  { name: "lower layer", file: "engine/a.ts", source: `import { b } from "../common/b.ts";`, expected: [] },
  {
    name: "upwards",
    file: "plan/a.ts",
    source: `import { b } from "../engine/b.ts";`,
    expected: ["plan imports upwards from engine"],
  },
  {
    name: "upwards, type only",
    file: "plan/a.ts",
    source: `import type { B } from "../rdd/b.ts";`,
    expected: ["upwards from rdd"],
  },
  {
    name: "upwards, type modifier",
    file: "plan/a.ts",
    source: `import { type B } from "../rdd/b.ts";`,
    expected: ["upwards from rdd"],
  },
  {
    name: "upwards, import()",
    file: "common/a.ts",
    source: `export const f = () => import("../task/b.ts");`,
    expected: ["upwards from task"],
  },
  {
    name: "upwards, import() in a type",
    file: "common/a.ts",
    source: `export interface A { b: import("../task/b.ts").B }`,
    expected: ["upwards from task"],
  },
  {
    name: "upwards, export from",
    file: "common/a.ts",
    source: `export { b } from "../task/b.ts";`,
    expected: ["upwards from task"],
  },
  {
    name: "upwards, export type from",
    file: "common/a.ts",
    source: `export type { B } from "../task/b.ts";`,
    expected: ["upwards from task"],
  },
  {
    name: "upwards, export *",
    file: "common/a.ts",
    source: `export * from "../task/b.ts";`,
    expected: ["upwards from task"],
  },
  {
    name: "tests obey layers too",
    file: "plan/a.test.ts",
    source: `import { b } from "../testing/b.ts";`,
    expected: ["upwards from testing"],
  },
  {
    name: "only in comments and strings",
    file: "plan/a.ts",
    source: `// import { b } from "../engine/b.ts";\nexport const a = 'import("../engine/b.ts") Date.now()'; /* Math.random() */`,
    expected: [],
  },
  {
    name: "only in a comment of a type",
    file: "plan/a.ts",
    source: `export interface A { /* import("../engine/b.ts") */ readonly a: "Date.now()" }`,
    expected: [],
  },
  {
    name: "the root from a layer",
    file: "plan/a.ts",
    source: `import { b } from "../index.ts";`,
    expected: ["imports the package's root"],
  },
  {
    name: "the root imports layers",
    file: "index.ts",
    source: `export { b } from "./streaming/b.ts";`,
    expected: [],
  },
  {
    name: "the package by its name",
    file: "rdd/a.ts",
    source: `import { b } from "millrace";`,
    expected: ["from inside"],
  },
  {
    name: "the package by its name, in a type test",
    file: "rdd/a.test-d.ts",
    source: `import { b } from "millrace";`,
    expected: [],
  },
  {
    name: "out of the package",
    file: "rdd/a.ts",
    source: `import { b } from "../../../cli/src/b.ts";`,
    expected: ["leaves the package"],
  },

  { name: "Date.now", file: "plan/a.ts", source: `export const a = Date.now();`, expected: ["Date.now"] },
  {
    name: 'Date["now"]',
    file: "plan/a.ts",
    source: `export const a = Date["now"]();`,
    expected: ["Date.now"],
  },
  {
    name: "globalThis.Date.now",
    file: "plan/a.ts",
    source: `export const a = globalThis.Date.now();`,
    expected: ["Date.now"],
  },
  {
    name: "{ now } of Date",
    file: "plan/a.ts",
    source: `const { now } = Date; export { now };`,
    expected: ["Date.now"],
  },
  { name: "new Date()", file: "plan/a.ts", source: `export const a = new Date();`, expected: ["new Date()"] },
  { name: "new Date(ms)", file: "plan/a.ts", source: `export const a = new Date(0);`, expected: [] },
  {
    name: "timers",
    file: "plan/a.ts",
    source: `setTimeout(() => {}, 1); globalThis.setImmediate(() => {});`,
    expected: ["setTimeout", "globalThis.setImmediate"],
  },
  {
    name: "a timer as a value",
    file: "plan/a.ts",
    source: `export const a = { setTimeout };`,
    expected: ["setTimeout"],
  },
  {
    name: "a method of that name",
    file: "plan/a.ts",
    source: `export class A { fetch() { return this.fetch(); } }`,
    expected: [],
  },
  {
    name: "a local of that name",
    file: "plan/a.ts",
    source: `export const a = (fetch: () => void) => fetch();`,
    expected: [],
  },
  {
    name: "Math.random",
    file: "plan/a.ts",
    source: `export const a = Math.random() + Math.floor(1);`,
    expected: ["Math.random"],
  },
  {
    name: "performance",
    file: "plan/a.ts",
    source: `export const a = performance.now();`,
    expected: ["performance"],
  },
  {
    name: "process",
    file: "plan/a.ts",
    source: `process.on("exit", () => {}); process.stdout.write(process.version);`,
    expected: ["process.on", "process.stdout"],
  },
  {
    name: "files",
    file: "plan/a.ts",
    source: `import { readFileSync } from "node:fs"; export { readFileSync };`,
    expected: ["node:fs"],
  },
  {
    name: "files, without node:",
    file: "plan/a.ts",
    source: `import fs from "fs"; export { fs };`,
    expected: ['"fs"'],
  },
  {
    name: "types of files",
    file: "plan/a.ts",
    source: `import type { Stats } from "node:fs"; export type A = Stats;`,
    expected: [],
  },
  {
    name: "sockets, lazily",
    file: "plan/a.ts",
    source: `export const a = () => import("node:net");`,
    expected: ["node:net"],
  },
  {
    name: "chance from crypto",
    file: "plan/a.ts",
    source: `import { createHash, randomUUID } from "node:crypto"; export { createHash, randomUUID };`,
    expected: ["chance"],
  },
  {
    name: "hashes from crypto",
    file: "plan/a.ts",
    source: `import { createHash } from "node:crypto"; export { createHash };`,
    expected: [],
  },
  {
    name: "threads in the engine",
    file: "engine/a.ts",
    source: `import { Worker } from "node:worker_threads"; export { Worker };`,
    expected: [],
  },
  {
    name: "threads elsewhere",
    file: "rdd/a.ts",
    source: `import { Worker } from "node:worker_threads"; export { Worker };`,
    expected: ["worker_threads"],
  },
  {
    name: "the platform itself",
    file: "common/platform/a.ts",
    source: `import "node:fs"; export const a = Date.now();`,
    expected: [],
  },
  {
    name: "what tests run",
    file: "plan/fixtures/a.ts",
    source: `import "node:fs"; export const a = Date.now();`,
    expected: [],
  },
  {
    name: "tests",
    file: "plan/a.test.ts",
    source: `import "node:fs"; export const a = Date.now();`,
    expected: [],
  },
];

describe("rules of the layers", () => {
  for (const { name, file, source, expected } of cases) {
    it(name, () => {
      const messages = checkFile(`${core}/${file}`, source).map(violation => violation.message);
      assert.equal(messages.length, expected.length, messages.join("\n"));
      for (const [i, fragment] of expected.entries()) assert.ok(messages[i]?.includes(fragment), messages[i]);
    });
  }

  it("names the line", () => {
    const [violation] = checkFile(`${core}/plan/a.ts`, "\n\nexport const a = Date.now();\n");
    assert.equal(violation?.line, 3);
  });

  it("covers the command, not examples and benchmarks", () => {
    const source = "export const a = Date.now();";
    assert.equal(checkFile("packages/cli/src/a.ts", source).length, 1);
    assert.equal(checkFile("examples/src/a.ts", source).length, 0);
    assert.equal(checkFile("bench/src/a.ts", source).length, 0);
  });
});
