import type { AnyFunction } from "../../closure/index.ts";

/** `word => [word, 1]` and nothing else, whatever the name and the number; types leave blanks when they are stripped. */
const pairsItsArgument =
  /^(?:\(\s*(?<inner>[\p{ID_Start}$_][\p{ID_Continue}$]*)\s*\)|(?<bare>[\p{ID_Start}$_][\p{ID_Continue}$]*))\s*=>\s*\[\s*(?:\k<inner>|\k<bare>)\s*,\s*(?<number>-?(?:0|[1-9]\d{0,8}))\s*,?\s*\]$/u;

/** The number, as source text, that `fn` pairs its argument with, when that is all it does: nobody can tell whether it was called. */
export function constantOf(fn: AnyFunction): string | undefined {
  return pairsItsArgument.exec(Function.prototype.toString.call(fn))?.groups?.["number"];
}
