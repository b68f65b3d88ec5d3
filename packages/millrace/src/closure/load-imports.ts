import { compileFunction, constants } from "node:vm";
import { millraceError } from "../common/errors/index.ts";
import { rememberImport } from "./revived-imports.ts";
import type { WireNode } from "./shipped.ts";

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

async function loadBinding({ specifier, base, exported }: WireNode & { readonly kind: "import" }): Promise<unknown> {
  const seenFrom = base === "" ? "" : `, as ${base} imports it,`;
  let module: Record<string, unknown>;
  try {
    module = await importFrom(base === "" ? import.meta.url : base)(specifier);
  } catch (cause) {
    throw millraceError("MR_CLOSURE_REVIVE", `the module ${specifier}${seenFrom} cannot be loaded here`, { cause });
  }
  if (exported === "*") return module;
  if (!(exported in module))
    throw millraceError("MR_CLOSURE_REVIVE", `the module ${specifier}${seenFrom} has no export ${exported} here`);
  return module[exported];
}

type Importer = (specifier: string) => Promise<Record<string, unknown>>;

/** Specifiers such as `pg` or `#config` mean what they mean to the module that wrote them. */
function importFrom(url: string): Importer {
  return compileFunction("return import(specifier);", ["specifier"], {
    filename: url,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }) as Importer;
}
