import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ShippedClosure } from "millrace/engine";

/** What a specifier begins with that names an artifact of the session. */
export const MODULE_PREFIX = "millrace-artifact:";

type Node = ShippedClosure["nodes"][number];
export type ImportNode = Extract<Node, { readonly kind: "import" }>;

/** A closure whose imports are what `change` makes of them. Its hash stays: it is the same function. */
export function withImports(
  closure: ShippedClosure,
  change: (node: ImportNode) => ImportNode,
): ShippedClosure {
  if (!closure.nodes.some(node => node.kind === "import")) return closure;
  return { ...closure, nodes: closure.nodes.map(node => (node.kind === "import" ? change(node) : node)) };
}

/** On the executor: artifacts become files of the session's directory. */
export function localModules(closure: ShippedClosure, directory: string): ShippedClosure {
  return withImports(closure, node => {
    if (!node.specifier.startsWith(MODULE_PREFIX)) return node;
    const file = join(directory, node.specifier.slice(MODULE_PREFIX.length));
    return { ...node, specifier: pathToFileURL(file).href, base: "" };
  });
}
