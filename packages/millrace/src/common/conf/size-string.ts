import { millraceError } from "../errors/index.ts";

const exponents: Record<string, number> = {
  b: 0,
  k: 1,
  kb: 1,
  m: 2,
  mb: 2,
  g: 3,
  gb: 3,
  t: 4,
  tb: 4,
  p: 5,
  pb: 5,
};

/**
 * Reads a size such as `64m` or `1gb` and answers in bytes; units are powers of 1024, a bare number is bytes.
 *
 * @throws MR_CONF_BAD_NUMBER for anything else, fractions included
 */
export function parseSizeString(text: string): number {
  const match = /^(\d+)([a-z]*)$/.exec(text.trim().toLowerCase());
  const [, digits, suffix = ""] = match ?? [];
  const exponent = suffix === "" ? 0 : Object.hasOwn(exponents, suffix) ? exponents[suffix] : undefined;
  const bytes =
    digits === undefined || exponent === undefined ? Number.NaN : Number(digits) * 1024 ** exponent;
  if (Number.isSafeInteger(bytes)) return bytes;
  throw millraceError(
    "MR_CONF_BAD_NUMBER",
    `"${text}" is not a size: expected an integer with a unit out of b, k, m, g, t, p`,
    {
      hint: 'Write a whole number with a unit, such as "64m" or "1g".',
    },
  );
}
