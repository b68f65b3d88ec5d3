import { millraceError } from "../errors/index.ts";

/** A unit of configured times. */
export type TimeUnit = "us" | "ms" | "s" | "m" | "min" | "h" | "d";

const microseconds: Record<TimeUnit, number> = {
  us: 1,
  ms: 1_000,
  s: 1_000_000,
  m: 60_000_000,
  min: 60_000_000,
  h: 3_600_000_000,
  d: 86_400_000_000,
};

/**
 * Reads a time such as `10s`, `200ms` or `1min` and answers in microseconds; a bare number is in `unit`.
 * No fractions, as in Spark: write `1500ms` for one and a half seconds.
 *
 * @throws MR_CONF_BAD_NUMBER for anything else
 */
export function parseTimeString(text: string, unit: TimeUnit): number {
  const match = /^(-?\d+)([a-z]*)$/.exec(text.trim().toLowerCase());
  const [, digits, suffix] = match ?? [];
  const factor = suffix === "" ? microseconds[unit] : unitOf(suffix);
  const result = digits === undefined || factor === undefined ? Number.NaN : Number(digits) * factor;
  if (Number.isSafeInteger(result)) return result;
  throw millraceError(
    "MR_CONF_BAD_NUMBER",
    `"${text}" is not a time: expected an integer with a unit out of us, ms, s, m, min, h, d`,
  );
}

/** The same in whole units, cut towards zero as Spark does: `parseTimeStringAs("1999ms", "s")` is 1. */
export function parseTimeStringAs(text: string, unit: TimeUnit): number {
  return Math.trunc(parseTimeString(text, unit) / microseconds[unit]);
}

function unitOf(suffix: string | undefined): number | undefined {
  return suffix !== undefined && Object.hasOwn(microseconds, suffix)
    ? microseconds[suffix as TimeUnit]
    : undefined;
}
