import type { FunctionSyntax } from "./function-syntax.ts";

/** Stands for `import.meta`, which only modules may say. */
export const importMetaName = "__millraceImportMeta";
/** Stands for the `import` of `import(…)`, which has to resolve specifiers as the function's module does. */
export const importerName = "__millraceImport";
/** Stands for what a class extends: an expression of the place where the class was made. */
export const heritageName = "__millraceParent";
/** Stands for a method's key, which may need variables of the place where the object was made. */
const memberKey = "member";

/** A function's text as it can stand outside its module. Lines stay where they are. */
export function rewriteText({ text, key, heritage, surroundings }: FunctionSyntax): string {
  const { metas, dynamicImports } = surroundings;
  const edits: [start: number, end: number, by: string][] = [];
  for (const [start, end] of metas) edits.push([start, end, importMetaName]);
  for (const start of dynamicImports) edits.push([start, start + "import".length, importerName]);
  if (key !== undefined) edits.push([key[0], key[1], memberKey]);
  if (heritage !== undefined) edits.push([heritage.start, heritage.end, heritageName]);
  let rewritten = text;
  for (const [start, end, by] of edits.sort((a, b) => b[0] - a[0]))
    rewritten = rewritten.slice(0, start) + by + rewritten.slice(end);
  return rewritten;
}
