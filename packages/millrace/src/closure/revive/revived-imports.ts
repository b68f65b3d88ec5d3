import type { WireNode } from "../shipped.ts";

type ImportNode = WireNode & { readonly kind: "import" };

const nodes = new WeakMap<object, ImportNode>();

/** Notes that a value came from an import node, so that a revived function can be shipped on. */
export function rememberImport(value: unknown, node: ImportNode): void {
  if ((typeof value === "object" && value !== null) || typeof value === "function") nodes.set(value, node);
}

/** The import a value came from when a function was revived in this thread. */
export function rememberedImport(value: object): ImportNode | undefined {
  return nodes.get(value);
}
