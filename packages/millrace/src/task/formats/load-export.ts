import { millraceError } from "../../common/errors/index.ts";
import type { ModuleExport } from "../../common/platform/platform.ts";

/**
 * What a module exports, if it has the method that makes it what is wanted.
 *
 * @param what for the message: `output format`
 * @throws MR_BAD_ARGUMENT when the module cannot be loaded or exports no such thing
 */
export async function loadExport<T extends object>(
  what: string,
  ref: ModuleExport,
  method: keyof T & string,
): Promise<T> {
  let module: Readonly<Record<string, unknown>>;
  try {
    module = (await import(ref.module)) as typeof module;
  } catch (cause) {
    throw millraceError("MR_BAD_ARGUMENT", `the module of an ${what} cannot be loaded: ${ref.module}`, {
      cause,
      hint: 'Give its URL, as in `{ module: import.meta.url, export: "myFormat" }`.',
    });
  }
  const found = module[ref.export] as Partial<T> | undefined;
  if (typeof found?.[method] === "function") return found as T;
  throw millraceError("MR_BAD_ARGUMENT", `${ref.module} exports no ${what} ${ref.export}`);
}
