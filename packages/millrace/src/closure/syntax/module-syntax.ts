import {
  type AnyNode,
  type Identifier,
  type ImportDeclaration,
  type Literal,
  type Options,
  type Program,
  parse,
} from "acorn";
import { BoundedMap } from "../bounded-map.ts";
import { boundNames, childrenOf } from "./syntax-scope.ts";

/** A name a module imports. */
export interface ImportBinding {
  /** As written: `./words.ts`, `node:path`, `pg`. */
  readonly specifier: string;
  /** The exporting module's name for it; `*` for the whole module. */
  readonly exported: string;
}

/** What the source of a whole script tells about its functions' variables. */
export interface ModuleSyntax {
  /** By local name. */
  readonly imports: ReadonlyMap<string, ImportBinding>;
  /** Names that are assigned somewhere, in whatever scope: all other variables never change. */
  readonly assigned: ReadonlySet<string>;
  /** Whether the code is strict by itself: a module, or a script that says so. */
  readonly strict: boolean;
}

const cache = new BoundedMap<string, ModuleSyntax>(500);

/** Reads a script's source; the result is kept by `key`. */
export function moduleSyntax(key: string, source: string): ModuleSyntax {
  let syntax = cache.get(key);
  if (syntax === undefined) {
    syntax = read(source);
    cache.set(key, syntax);
  }
  return syntax;
}

function read(source: string): ModuleSyntax {
  const program = parseProgram(source);
  if (program === undefined) return { imports: new Map(), assigned: everything, strict: false };
  const imports = new Map<string, ImportBinding>();
  for (const statement of program.body)
    if (statement.type === "ImportDeclaration") readImport(statement, imports);
  const assigned = new Set<string>();
  collectAssigned(program, assigned);
  return { imports, assigned: assigned.has("eval") ? everything : assigned, strict: isStrict(program) };
}

/** Stands for "any name may be assigned": of sources that cannot be parsed or call `eval`. */
const everything: ReadonlySet<string> = Object.assign(new Set<string>(), { has: () => true });

function parseProgram(source: string): Program | undefined {
  for (const sourceType of ["module", "script"] as const) {
    const options: Options = {
      ecmaVersion: "latest",
      sourceType,
      allowHashBang: true,
      // CommonJS files are function bodies.
      allowReturnOutsideFunction: true,
    };
    try {
      return parse(source, options);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return undefined;
}

function readImport(declaration: ImportDeclaration, into: Map<string, ImportBinding>): void {
  const specifier = String(declaration.source.value);
  for (const part of declaration.specifiers) {
    const exported =
      part.type === "ImportDefaultSpecifier"
        ? "default"
        : part.type === "ImportNamespaceSpecifier"
          ? "*"
          : exportName(part.imported);
    into.set(part.local.name, { specifier, exported });
  }
}

function exportName(name: Identifier | Literal): string {
  return name.type === "Literal" ? String(name.value) : name.name;
}

/** Walks without recursion: sources may be bundles. */
function collectAssigned(program: Program, into: Set<string>): void {
  const pending: AnyNode[] = [program];
  const outermost = new Set<AnyNode>(program.body);
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.type === "AssignmentExpression") addAll(into, boundNames(node.left));
    else if (node.type === "UpdateExpression" && node.argument.type === "Identifier")
      into.add(node.argument.name);
    else if (
      (node.type === "ForInStatement" || node.type === "ForOfStatement") &&
      node.left.type !== "VariableDeclaration"
    )
      addAll(into, boundNames(node.left));
    else if (
      node.type === "CallExpression" &&
      node.callee.type === "Identifier" &&
      node.callee.name === "eval"
    )
      into.add("eval");
    // A `var` in a loop is one variable that each turn assigns; at the top there is no loop.
    else if (node.type === "VariableDeclaration" && node.kind === "var" && !outermost.has(node))
      for (const { id } of node.declarations) addAll(into, boundNames(id));
    pending.push(...childrenOf(node));
  }
}

function addAll(into: Set<string>, names: readonly string[]): void {
  for (const name of names) into.add(name);
}

function isStrict(program: Program): boolean {
  const [first] = program.body;
  if (program.body.some(statement => /^(Im|Ex)port/.test(statement.type))) return true;
  return first?.type === "ExpressionStatement" && first.directive === "use strict";
}
