import { millraceError } from "../errors/index.ts";
import { parseTimeString, type TimeUnit } from "../time/time-string.ts";
import { parseDecimalString, parseIntegerString } from "./number-string.ts";
import { parseSizeString } from "./size-string.ts";

/** A configuration key that Millrace knows: how its text is read, and what holds when it is not set. */
export interface KeyKind<T> {
  /** What is expected, to follow "expected". */
  readonly expects: string;
  /** The text's value. Throws MR_CONF_BAD_NUMBER or MR_CONF_BAD_VALUE. */
  parse(text: string): T;
  /** As one would write it. */
  readonly fallback: string | undefined;
}

/** A key with a default. */
export interface DefaultedKind<T> extends KeyKind<T> {
  readonly fallback: string;
}

type Kind<T, F> = F extends string ? DefaultedKind<T> : KeyKind<T>;

function kind<T, F extends string | undefined>(
  fallback: F,
  expects: string,
  parse: (text: string) => T,
): Kind<T, F>;
function kind<T>(fallback: string | undefined, expects: string, parse: (text: string) => T): KeyKind<T> {
  return { fallback, expects, parse };
}

/** Any text that is not blank. */
export function text<F extends string | undefined = undefined>(fallback?: F): Kind<string, F> {
  return kind(fallback as F, "a text that is not blank", value => {
    if (value.trim() === "") throw unexpected(value);
    return value;
  });
}

/** One of a few words, in any case. */
export function choice<const C extends string, F extends C | undefined = undefined>(
  choices: readonly C[],
  fallback?: F,
): Kind<C, F> {
  return kind(fallback as F, `one of ${choices.join(", ")}`, value => {
    const chosen = choices.find(candidate => candidate.toLowerCase() === value.trim().toLowerCase());
    if (chosen === undefined) throw unexpected(value);
    return chosen;
  });
}

/** `true` or `false`, in any case. */
export function flag<F extends "true" | "false" | undefined = undefined>(fallback?: F): Kind<boolean, F> {
  return kind(fallback as F, "true or false", parseFlag);
}

/** An integer of at least `minimum` and at most `maximum`. */
export function integer<F extends string | undefined = undefined>(
  minimum: number,
  fallback?: F,
  maximum = Number.MAX_SAFE_INTEGER,
): Kind<number, F> {
  const expects =
    maximum === Number.MAX_SAFE_INTEGER
      ? atLeast("an integer", minimum)
      : `an integer from ${minimum} to ${maximum}`;
  return kind(fallback as F, expects, value => within(parseIntegerString(value), minimum, maximum));
}

/** A number of at least `minimum`, or above it. */
export function decimal<F extends string | undefined = undefined>(
  bounds: { minimum: number } | { above: number },
  fallback?: F,
): Kind<number, F> {
  const expects = "above" in bounds ? `a number above ${bounds.above}` : atLeast("a number", bounds.minimum);
  const minimum = "above" in bounds ? bounds.above + Number.MIN_VALUE : bounds.minimum;
  return kind(fallback as F, expects, value => within(parseDecimalString(value), minimum, Number.MAX_VALUE));
}

/** A time; its value is in milliseconds whatever `unit` a bare number has. */
export function time<F extends string | undefined = undefined>(
  unit: TimeUnit,
  minimumMs: number,
  fallback?: F,
): Kind<number, F> {
  const expects = `a time of at least ${minimumMs} ms, such as "10s" or "200ms" (a bare number is in ${unit})`;
  return kind(fallback as F, expects, value =>
    within(Math.trunc(parseTimeString(value, unit) / 1_000), minimumMs, Number.MAX_SAFE_INTEGER),
  );
}

/** A size such as `64m`; its value is in bytes, as is a bare number. */
export function size<F extends string | undefined = undefined>(fallback?: F): Kind<number, F> {
  return kind(fallback as F, 'a size, such as "64m" or "1g" (a bare number is in bytes)', parseSizeString);
}

/** Reads `true` or `false`. Throws MR_CONF_BAD_VALUE. */
export function parseFlag(value: string): boolean {
  const word = value.trim().toLowerCase();
  if (word !== "true" && word !== "false") throw unexpected(value);
  return word === "true";
}

function within(value: number, minimum: number, maximum: number): number {
  if (value < minimum || value > maximum) throw unexpected(String(value));
  return value;
}

function atLeast(what: string, minimum: number): string {
  return minimum === Number.MIN_SAFE_INTEGER ? what : `${what} of at least ${minimum}`;
}

function unexpected(value: string) {
  return millraceError("MR_CONF_BAD_VALUE", `"${value}" is not allowed`);
}
