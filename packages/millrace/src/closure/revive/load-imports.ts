import { millraceError } from "../../common/errors/index.ts";
import { importerFor } from "../resolve-import.ts";
import type { WireNode } from "../shipped.ts";
import { rememberImport } from "./revived-imports.ts";

/** Loads the modules that nodes refer to; answers the bindings by node number. */
export async function loadImports(nodes: readonly WireNode[]): Promise<Map<number, unknown>> {
  const found = new Map<number, unknown>();
  const load = async (id: number, node: WireNode & { readonly kind: "import" }): Promise<void> => {
    const value = await loadBinding(node);
    rememberImport(value, node);
    found.set(id, value);
  };
  await Promise.all(nodes.flatMap((node, id) => (node.kind === "import" ? [load(id, node)] : [])));
  return found;
}

async function loadBinding({
  specifier,
  base,
  exported,
}: WireNode & { readonly kind: "import" }): Promise<unknown> {
  const seenFrom = base === "" ? "" : `, as ${base} imports it,`;
  let module: object;
  try {
    module = (await importerFor(base)(specifier)) as object;
  } catch (cause) {
    throw millraceError("MR_CLOSURE_REVIVE", `the module ${specifier}${seenFrom} cannot be loaded here`, {
      cause,
    });
  }
  if (exported === "*") return module;
  if (!(exported in module))
    throw millraceError(
      "MR_CLOSURE_REVIVE",
      `the module ${specifier}${seenFrom} has no export ${exported} here`,
    );
  return (module as Record<string, unknown>)[exported];
}
