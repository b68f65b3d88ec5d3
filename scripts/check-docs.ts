/**
 * Checks that everything the core exports has a doc comment, and that classes, functions and every operation
 * of the contexts, RDDs and DStreams show a runnable example. Prints what is missing.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type ApiSymbol, baseClass, describeSymbol, reExports } from "./docs/public-api.ts";
import { closingLine } from "./support/tally.ts";
import { fromRoot, workspaceRoot } from "./support/workspace.ts";

const entries = ["index.ts", "testing/index.ts"].map(name =>
  join(workspaceRoot, "packages/millrace/src", name),
);
/** Classes each of whose methods needs an example of its own. */
const operationClasses = /^(DStream|RDD|StreamingContext|SparkContext)\./;

let passed = 0;
let failed = 0;
const seen = new Set<string>();
for (const entry of entries) if (existsSync(entry)) checkModule(entry, "*");
console.log(closingLine({ passed, failed, skipped: 0 }));
process.exitCode = failed === 0 ? 0 : 1;

function checkModule(path: string, wanted: string): void {
  const source = readFileSync(path, "utf8");
  const declared = wanted === "*" ? declaredExports(source) : [wanted];
  for (const name of declared) {
    const symbols = describeSymbol(source, name);
    if (symbols.length > 0) {
      for (const symbol of symbols) checkSymbol(path, symbol);
      if (symbols[0]?.kind === "class") checkInherited(path, name, name);
    } else
      for (const each of reExports(source))
        if (each.name === name) checkModule(target(path, each.specifier), name);
  }
  if (wanted !== "*") return;
  for (const { name, specifier } of reExports(source)) checkModule(target(path, specifier), name);
}

/** Members a class takes from the classes it extends count as its own. */
function checkInherited(path: string, className: string, name: string): void {
  const base = baseClass(readFileSync(path, "utf8"), className);
  if (!base || (base.specifier !== undefined && !base.specifier.startsWith("."))) return;
  const basePath = base.specifier === undefined ? path : target(path, base.specifier);
  const [own, ...members] = describeSymbol(readFileSync(basePath, "utf8"), base.name);
  if (!own) return;
  for (const member of members) {
    checkSymbol(basePath, { ...member, name: member.name.replace(`${base.name}.`, `${name}.`) });
  }
  checkInherited(basePath, base.name, name);
}

function declaredExports(source: string): string[] {
  const pattern =
    /^export\s+(?:declare\s+|abstract\s+|async\s+)*(?:function\*?|class|const|let|interface|type)\s+([\w$]+)/gm;
  return [...new Set([...source.matchAll(pattern)].map(match => match[1] ?? ""))];
}

function target(path: string, specifier: string): string {
  return resolve(dirname(path), specifier);
}

function checkSymbol(path: string, symbol: ApiSymbol): void {
  const key = `${path}#${symbol.name}`;
  if (seen.has(key)) return;
  seen.add(key);
  const needsExample =
    symbol.kind === "value" ||
    symbol.kind === "class" ||
    (symbol.kind === "method" && operationClasses.test(symbol.name));
  const problem =
    symbol.doc === undefined
      ? "has no doc comment"
      : needsExample && !symbol.doc.includes("```ts")
        ? "has no example in its doc comment"
        : undefined;
  if (problem === undefined) passed++;
  else {
    failed++;
    console.log(`${fromRoot(path)}:${symbol.line}: ${symbol.name} ${problem}`);
  }
}
