import { isBuiltin, registerHooks } from "node:module";
import { BoundedMap } from "./bounded-map.ts";

const resolved = new BoundedMap<string, string>(1000);
/** Names no module: the hook below answers for it. */
const question = "millrace:question";

/**
 * The URL a specifier stands for in the module `base`, by the loader's own rules (conditions, `#imports`,
 * hooks of the user's). `import.meta.resolve` only answers for its own module, so the loader is asked through a hook
 * that is there for just this question.
 *
 * @throws what the loader throws when it finds nothing
 */
export function resolveImport(specifier: string, base: string): string {
  if (isBuiltin(specifier)) return specifier.startsWith("node:") ? specifier : `node:${specifier}`;
  if (URL.canParse(specifier)) return specifier;
  if (/^\.{0,2}\//.test(specifier) && URL.canParse(specifier, base)) return new URL(specifier, base).href;
  const key = `${base} ${specifier}`;
  let url = resolved.get(key);
  if (url === undefined) {
    const hooks = registerHooks({
      resolve: (asked, context, next) =>
        asked === question ? next(specifier, { ...context, parentURL: base }) : next(asked, context),
    });
    try {
      url = import.meta.resolve(question);
    } finally {
      hooks.deregister();
    }
    resolved.set(key, url);
  }
  return url;
}

/** `import()` as it works in the module `base`. */
export function importerFor(
  base: string,
): (specifier: unknown, options?: ImportCallOptions) => Promise<unknown> {
  return async (specifier, options) => import(resolveImport(String(specifier), base), options);
}
