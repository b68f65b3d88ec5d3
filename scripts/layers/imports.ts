import type { ImportDeclaration, Literal, Token } from "acorn";
import { type Syntax, walk } from "./syntax.ts";

/** One module named by another, in whatever way. */
export interface ModuleImport {
  readonly specifier: string;
  /** Imported names; empty for a side effect, `export * from`, and an `import()`; `*` for a namespace. */
  readonly names: readonly string[];
  readonly typeOnly: boolean;
  readonly offset: number;
}

/** Every import of a file: `import`, `export … from`, `import()`, `import type` and `import("…")` in a type. */
export function moduleImports(syntax: Syntax): ModuleImport[] {
  return [...runtimeImports(syntax), ...syntax.erasedTokens.flatMap(erasedImports)];
}

function runtimeImports({ program }: Syntax): ModuleImport[] {
  const found: ModuleImport[] = [];
  const push = (source: Literal, names: readonly string[], offset: number) =>
    found.push({ specifier: String(source.value), names, typeOnly: false, offset });
  walk(program, node => {
    if (node.type === "ImportDeclaration") {
      const declaration = node as ImportDeclaration;
      push(declaration.source, declaration.specifiers.map(importedName), node.start);
    } else if (node.type === "ExportNamedDeclaration" || node.type === "ExportAllDeclaration") {
      const { source } = node as { source?: Literal | null } & typeof node;
      if (source) push(source, ["*"], node.start);
    } else if (node.type === "ImportExpression") {
      const { source } = node as unknown as { source: Literal };
      if (source.type === "Literal" && typeof source.value === "string") push(source, ["*"], node.start);
    }
  });
  return found;
}

function importedName(specifier: ImportDeclaration["specifiers"][number]): string {
  if (specifier.type !== "ImportSpecifier") return "*";
  return specifier.imported.type === "Identifier"
    ? specifier.imported.name
    : String(specifier.imported.value);
}

/** `import type … from "x"`, `export type … from "x"`, `import("x")`. */
function erasedImports(tokens: readonly Token[]): ModuleImport[] {
  const found: ModuleImport[] = [];
  tokens.forEach((token, i) => {
    if (token.type.label !== "string") return;
    const before = tokens[i - 1];
    const isFrom = before?.type.label === "name" && wordOf(before) === "from";
    const isCall = before?.type.label === "(" && tokens[i - 2]?.type.label === "import";
    if (isFrom || isCall) {
      found.push({ specifier: wordOf(token), names: [], typeOnly: true, offset: token.start });
    }
  });
  return found;
}

/** acorn declares no `value` on its tokens, though every token has one. */
function wordOf(token: Token): string {
  return String((token as Token & { value?: unknown }).value);
}
