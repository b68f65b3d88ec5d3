import type { FunctionSyntax } from "./function-syntax.ts";

/** Stands for `import.meta`, which only modules may say. */
export const importMetaName = "__millraceImportMeta";
/** Stands for what a class extends: an expression of the place where the class was made. */
export const heritageName = "__millraceParent";
/** Stands for a method's key, which may need variables of the place where the object was made. */
const memberKey = "member";

/** A function's text as it can stand outside its module. Lines stay where they are. */
export function rewriteText({ text, key, heritage, surroundings }: FunctionSyntax, moduleUrl: string): string {
  const edits: [start: number, end: number, by: string][] = surroundings.metas.map(([start, end]) => [start, end, importMetaName]);
  if (key !== undefined) edits.push([key[0], key[1], memberKey]);
  if (heritage !== undefined) edits.push([heritage.start, heritage.end, heritageName]);
  for (const { start, end, specifier } of surroundings.dynamicImports)
    edits.push([start, end, JSON.stringify(absoluteSpecifier(specifier, moduleUrl))]);
  let rewritten = text;
  for (const [start, end, by] of edits.sort((a, b) => b[0] - a[0]))
    rewritten = rewritten.slice(0, start) + by + rewritten.slice(end);
  return rewritten;
}

/** A relative specifier as seen from a module; others are left to the loader. */
export function absoluteSpecifier(specifier: string, moduleUrl: string): string {
  return /^\.{0,2}\//.test(specifier) && URL.canParse(specifier, moduleUrl) ? new URL(specifier, moduleUrl).href : specifier;
}
