import { millraceError } from "../../common/errors/index.ts";
import type { ClosureContext } from "../closure-types.ts";
import type { FunctionDescription, Obstacle } from "../inspect/describe-function.ts";

/** The function whose variables lead to a value. */
export type OriginFunction = Pick<FunctionDescription, "syntax" | "url" | "line">;

/** How a value was reached from the function that is shipped: a link of a chain, so that it costs little. */
export interface Origin {
  readonly parent: Origin | undefined;
  /** A variable's name, or a property as it is written: `.name`, `[0]`, `.get("key")`. */
  readonly label: string;
  /** The function of whom it is a variable, and the position in its text. */
  readonly captured?: { readonly by: OriginFunction; readonly at: number };
}

/** The way to a value as a user reads it: `helper → config.socket`. */
export function pathOf(origin: Origin | undefined): string {
  let path = "";
  for (let at = origin; at !== undefined; at = at.parent)
    path = (at.captured !== undefined && at.parent !== undefined ? " → " : "") + at.label + path;
  return path;
}

/** `app.ts:12` of a position in a function's text. */
export function placeOf(
  { syntax, url, line }: OriginFunction,
  at: number,
): { file: string; line: number; text: string } {
  const file =
    url === ""
      ? "eval"
      : decodeURIComponent(url.slice(Math.max(url.lastIndexOf("/"), url.lastIndexOf("\\")) + 1));
  let number = line + 1;
  for (let i = syntax.text.indexOf("\n"); i !== -1 && i < at; i = syntax.text.indexOf("\n", i + 1)) number++;
  return { file, line: number, text: `${file}:${number}` };
}

/** Where the last variable on the way to a value is used. */
export function useOf(origin: Origin | undefined): string | undefined {
  for (let at = origin; at !== undefined; at = at.parent)
    if (at.captured !== undefined) return placeOf(at.captured.by, at.captured.at).text;
  return undefined;
}

/** Refuses a captured value. */
export function refuse(
  code: "MR_CLOSURE_UNSHIPPABLE" | "MR_CLOSURE_NATIVE",
  context: ClosureContext,
  origin: Origin | undefined,
  what: string,
  advice: string,
): never {
  const place = useOf(origin);
  const message =
    origin === undefined
      ? `${what} cannot be sent to other threads or machines`
      : `the function captures ${pathOf(origin)} (${place ?? "place unknown"}), ${what}, which cannot be sent to other threads or machines`;
  throw millraceError(code, message, { hint: advice, ...context });
}

/** Refuses a function: the one to be shipped, or one it captures. */
export function refuseFunction(
  context: ClosureContext,
  obstacle: Obstacle,
  origin: Origin | undefined,
): never {
  const { kind, what, advice, variable, at, description } = obstacle;
  if (kind === "native") refuse("MR_CLOSURE_NATIVE", context, origin, what, advice);
  const place = description === undefined || at === undefined ? undefined : placeOf(description, at).text;
  const path = origin === undefined ? "" : ` ${pathOf(origin)}`;
  const full = origin === undefined || variable === undefined ? "" : ` (${pathOf(origin)} → ${variable})`;
  const message = `the function${path} ${what}${full}${place === undefined ? "" : `, at ${place}`}`;
  throw millraceError("MR_CLOSURE_UNSHIPPABLE", message, { hint: advice, ...context });
}
