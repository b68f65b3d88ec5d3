import { isBuiltin } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { millraceError, type ShippedClosure } from "millrace/engine";
import type { Session } from "../connect/session.ts";
import { type ImportNode, MODULE_PREFIX, withImports } from "./module-reference.ts";

/** A module some function imports. */
interface UserModule {
  readonly specifier: string;
  readonly base: string;
  /** What functions have imported of it so far. */
  readonly names: Set<string>;
  /** The session's file with those names. */
  artifact: Promise<string> | undefined;
}

/**
 * The modules that functions import, bundled with all they import themselves and uploaded. Two modules that
 * import a third have a copy of it each.
 */
export class UserModules {
  readonly #session: Session;
  readonly #modules = new Map<string, UserModule>();

  constructor(session: Session) {
    this.#session = session;
  }

  /** The closure with references to uploaded files in place of imports. */
  async upload(closure: ShippedClosure): Promise<ShippedClosure> {
    const imports = closure.nodes.filter(
      (node): node is ImportNode => node.kind === "import" && !isBuiltin(node.specifier) && node.base !== "",
    );
    if (imports.length === 0) return closure;
    for (const node of imports) this.#note(node);
    const artifacts = new Map<string, string>();
    for (const node of imports) artifacts.set(keyOf(node), await this.#artifact(node));
    return withImports(closure, node => {
      const artifact = artifacts.get(keyOf(node));
      return artifact === undefined ? node : { ...node, specifier: MODULE_PREFIX + artifact };
    });
  }

  #note(node: ImportNode): void {
    const key = keyOf(node);
    let module = this.#modules.get(key);
    if (module === undefined) {
      module = { specifier: node.specifier, base: node.base, names: new Set(), artifact: undefined };
      this.#modules.set(key, module);
    }
    if (module.names.has(node.exported)) return;
    module.names.add(node.exported);
    module.artifact = undefined;
  }

  #artifact(node: ImportNode): Promise<string> {
    const module = this.#modules.get(keyOf(node)) as UserModule;
    module.artifact ??= bundle(module).then(bytes => this.#session.upload("module", "mjs", bytes));
    return module.artifact;
  }
}

function keyOf({ specifier, base }: ImportNode): string {
  return `${base}\n${specifier}`;
}

async function bundle({ specifier, base, names }: UserModule): Promise<Uint8Array> {
  const from = JSON.stringify(specifier);
  const contents = [...names]
    .sort()
    .map(name => (name === "*" ? `export * from ${from};` : `export { ${asName(name)} } from ${from};`))
    .join("\n");
  try {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: dirname(fileURLToPath(base)), loader: "js" },
      bundle: true,
      write: false,
      platform: "node",
      format: "esm",
      target: "node22",
      banner: {
        js: 'import { createRequire as millraceRequire } from "node:module"; const require = millraceRequire(import.meta.url);',
      },
      logLevel: "silent",
    });
    return (outputFiles[0] as (typeof outputFiles)[number]).contents;
  } catch (cause) {
    throw millraceError(
      "MR_CLOSURE_UNSHIPPABLE",
      `the module ${specifier}, as ${base} imports it, cannot be bundled for the cluster`,
      { cause, hint: "Import modules by names that esbuild can resolve, or load them inside the function." },
    );
  }
}

function asName(name: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : JSON.stringify(name);
}
