import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { resolveImport } from "../resolve-import.ts";
import type { SpecialValue, WireValue } from "../shipped.ts";

type Leaf = Exclude<WireValue, { readonly ref: number }>;

const specials: Record<SpecialValue, unknown> = {
  undefined: undefined,
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  "-Infinity": Number.NEGATIVE_INFINITY,
  "-0": -0,
  hole: undefined,
};

/** A value that is no object. */
export function decodeLeaf(leaf: Leaf): unknown {
  if (typeof leaf !== "object" || leaf === null) return leaf;
  if ("special" in leaf) return specials[leaf.special];
  if ("bigint" in leaf) return BigInt(leaf.bigint);
  if ("symbol" in leaf) return Symbol.for(leaf.symbol);
  return (Symbol as unknown as Record<string, symbol>)[leaf.wellKnownSymbol];
}

/** What a path from `globalThis` leads to. */
export function decodeGlobal(path: readonly string[]): unknown {
  let value: unknown = globalThis;
  if (path[0] === "globalThis") return value;
  for (const key of path) value = (value as Record<string, unknown>)[key];
  return value;
}

/** What `import.meta` offers in a module. */
export function decodeImportMeta(url: string): object {
  const resolve = (specifier: string): string => resolveImport(specifier, url);
  if (!url.startsWith("file:")) return { url, resolve };
  const filename = fileURLToPath(url);
  return { url, filename, dirname: dirname(filename), resolve };
}
