import { globSync } from "node:fs";
import { join, relative } from "node:path";

/** The root of the checkout. */
export const workspaceRoot: string = join(import.meta.dirname, "..", "..");

/** Folders that hold a package with sources of ours, relative to the root. */
export const packageFolders = [
  "packages/millrace",
  "packages/spark",
  "packages/postgres",
  "packages/formats",
  "packages/cli",
  "examples",
  "bench",
] as const;

/** Source files matching a glob relative to the root, absolute and sorted; declarations are left out. */
export function sourceFiles(...patterns: string[]): string[] {
  return globSync(patterns, {
    cwd: workspaceRoot,
    exclude: ["**/node_modules/**", "**/dist/**", "**/.cache/**"],
  })
    .filter(path => !path.endsWith(".d.ts"))
    .map(path => join(workspaceRoot, path))
    .sort();
}

/** A path as people want to read it: from the root, with forward slashes. */
export function fromRoot(path: string): string {
  return relative(workspaceRoot, path).replaceAll("\\", "/");
}

/** The line (from 1) on which an offset of a text lies. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let i = text.indexOf("\n"); i >= 0 && i < offset; i = text.indexOf("\n", i + 1)) line++;
  return line;
}
