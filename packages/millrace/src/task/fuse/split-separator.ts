import type { AnyFunction } from "../../closure/index.ts";

/** `line => line.split(" ")` and nothing else, whatever the names; types leave blanks when they are stripped. */
const splitsItsArgument =
  /^(?:\(\s*(?<inner>[\p{ID_Start}$_][\p{ID_Continue}$]*)\s*\)|(?<bare>[\p{ID_Start}$_][\p{ID_Continue}$]*))\s*=>\s*(?:\k<inner>|\k<bare>)\.split\((?:"(?<double>[^"\\]|\\[tn])"|'(?<single>[^'\\]|\\[tn])')\)$/u;

const originalSplit = String.prototype.split;

/**
 * The character at which `fn` cuts its argument, when cutting is all that it does: the loop then takes the
 * pieces one by one, with no array of them, which makes a word count a fifth faster.
 */
export function splitSeparator(fn: AnyFunction): string | undefined {
  if (String.prototype.split !== originalSplit) return undefined;
  const groups = splitsItsArgument.exec(Function.prototype.toString.call(fn))?.groups;
  const literal = groups?.["double"] ?? groups?.["single"];
  if (literal === undefined) return undefined;
  const separator = literal === "\\t" ? "\t" : literal === "\\n" ? "\n" : literal;
  return separator.length === 1 ? separator : undefined;
}
