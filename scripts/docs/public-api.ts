import type { ClassDeclaration, Node, Program } from "acorn";
import { parseTypeScript } from "../layers/syntax.ts";
import { lineAt } from "../support/workspace.ts";

/** A name of the public API and what is said about it. */
export interface ApiSymbol {
  /** `RDD`, or `RDD.map` for a member. */
  readonly name: string;
  readonly kind: "type" | "value" | "class" | "method" | "property";
  readonly line: number;
  /** The text of its doc comment, if it has one. */
  readonly doc: string | undefined;
}

/** A name re-exported by an `index.ts`, and the module it comes from. */
export interface ReExport {
  /** The name within that module; `*` for all of them. */
  readonly name: string;
  readonly specifier: string;
}

/** The `export … from` lists of an `index.ts`. */
export function reExports(source: string): ReExport[] {
  const code = source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  const lists = [...code.matchAll(/export\s+(?:type\s+)?\{([^}]*)\}\s*from\s*["']([^"']+)["']/g)];
  const stars = [...code.matchAll(/export\s+\*\s+from\s*["']([^"']+)["']/g)];
  return [
    ...lists.flatMap(match =>
      (match[1] ?? "")
        .split(",")
        .map(
          part =>
            part
              .trim()
              .replace(/^type\s+/, "")
              .split(/\s+as\s+/)[0] ?? "",
        )
        .filter(name => name !== "")
        .map(name => ({ name, specifier: match[2] ?? "" })),
    ),
    ...stars.map(match => ({ name: "*", specifier: match[1] ?? "" })),
  ];
}

/** What a module says about one name it declares, its public members included when it is a class. */
export function describeSymbol(source: string, name: string): ApiSymbol[] {
  const declaration = new RegExp(
    String.raw`^export\s+(?:declare\s+|abstract\s+|async\s+)*(function\*?|class|const|let|interface|type)\s+${name}\b`,
    "gm",
  );
  const found = [...source.matchAll(declaration)];
  const first = found[0];
  if (!first) return [];
  const docs = found.map(match => docBefore(source, match.index)).filter(doc => doc !== undefined);
  const kinds = new Set(found.map(match => match[1]));
  const kind = kinds.has("class") ? "class" : isOnlyType(kinds) ? "type" : "value";
  const own: ApiSymbol = { name, kind, line: lineAt(source, first.index), doc: joined(docs) };
  return kind === "class" ? [own, ...membersOf(source, name)] : [own];
}

/** The class a class extends, and the module it is imported from (`undefined`: the same). */
export function baseClass(source: string, name: string): { name: string; specifier?: string } | undefined {
  const { program } = parseTypeScript(source);
  const base = classNamed(program, name)?.superClass;
  if (base?.type !== "Identifier") return undefined;
  for (const statement of program.body) {
    if (statement.type !== "ImportDeclaration") continue;
    if (statement.specifiers.some(({ local }) => local.name === base.name)) {
      return { name: base.name, specifier: String(statement.source.value) };
    }
  }
  return { name: base.name };
}

function classNamed(program: Program, name: string): ClassDeclaration | undefined {
  return program.body
    .map(statement => (statement.type === "ExportNamedDeclaration" ? statement.declaration : statement))
    .find((node): node is ClassDeclaration => node?.type === "ClassDeclaration" && node.id?.name === name);
}

function isOnlyType(kinds: ReadonlySet<string | undefined>): boolean {
  return [...kinds].every(kind => kind === "interface" || kind === "type");
}

/** The doc comment that ends just before an offset. */
function docBefore(source: string, offset: number): string | undefined {
  const head = source.slice(0, offset).trimEnd();
  return head.endsWith("*/") ? head.slice(head.lastIndexOf("/**")) : undefined;
}

function joined(docs: readonly string[]): string | undefined {
  return docs.length === 0 ? undefined : docs.join("\n");
}

interface Member extends Node {
  readonly key: Node & { readonly name?: string };
  readonly kind?: "constructor" | "method" | "get" | "set";
}

/** Public methods and properties; private ones and those marked `@internal` are left out. */
function membersOf(source: string, className: string): ApiSymbol[] {
  const declaration = classNamed(parseTypeScript(source).program, className);
  if (!declaration) return [];
  const found: ApiSymbol[] = [];
  let previousEnd = declaration.body.start + 1;
  for (const member of declaration.body.body as unknown as Member[]) {
    // Overloads and modifiers are erased, so that all of them lie between the last member and this one.
    const before = source.slice(previousEnd, member.start);
    previousEnd = member.end;
    const name = member.key?.name;
    const code = before.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
    // What is overridden was described where it was declared first.
    const isPublic = !/\b(private|protected|override)\b/.test(code) && !before.includes("@internal");
    if (member.key?.type !== "Identifier" || name === undefined || !isPublic) continue;
    if (member.kind === "constructor" || member.kind === "set") continue;
    const docs = [...before.matchAll(/\/\*\*(?:(?!\*\/)[\s\S])*\*\//g)].map(match => match[0]);
    const kind = member.kind === "method" ? "method" : "property";
    found.push({ name: `${className}.${name}`, kind, line: lineAt(source, member.start), doc: joined(docs) });
  }
  return found;
}
