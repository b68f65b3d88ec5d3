import { millraceError } from "../common/errors/index.ts";

/** How a kind of value travels that is more than its contents, such as a broadcast variable. */
export interface HandleKind<H extends object, D> {
  /** Whether a captured value is of this kind. */
  isInstance(value: object): value is H;
  /** What crosses: any value a function may capture. Read each time a function is shipped. */
  toData(handle: H): D;
  /** Makes the handle of the other side; called in the thread where the function runs. */
  revive(data: D): H;
}

type AnyHandleKind = HandleKind<object, unknown>;

const kinds = new Map<string, AnyHandleKind>();

/**
 * Makes values of a kind travel as handles. Both sides must have registered the kind under the same name.
 * @throws MR_INTERNAL when the name is taken
 */
export function registerHandleKind<H extends object, D>(name: string, kind: HandleKind<H, D>): void {
  if (kinds.has(name)) throw millraceError("MR_INTERNAL", `the handle kind "${name}" is registered twice`);
  kinds.set(name, kind as unknown as AnyHandleKind);
}

/** The handle a value is, if it is one, with what crosses for it. */
export function handleOf(value: object): { readonly name: string; readonly data: unknown } | undefined {
  for (const [name, kind] of kinds) if (kind.isInstance(value)) return { name, data: kind.toData(value) };
  return undefined;
}

/**
 * Makes a handle of what crossed.
 * @throws MR_INTERNAL when this side knows no such kind
 */
export function reviveHandle(name: string, data: unknown): object {
  const kind = kinds.get(name);
  if (kind === undefined) throw millraceError("MR_INTERNAL", `the handle kind "${name}" is not known here`);
  return kind.revive(data);
}
