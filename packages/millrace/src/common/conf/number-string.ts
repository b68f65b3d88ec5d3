import { millraceError } from "../errors/index.ts";

/** Reads an integer in decimal digits. Throws MR_CONF_BAD_NUMBER. */
export function parseIntegerString(text: string): number {
  const number = /^[+-]?\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(number)) return number;
  throw badNumber(text, "an integer");
}

/** Reads a decimal number. Throws MR_CONF_BAD_NUMBER. */
export function parseDecimalString(text: string): number {
  const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim()) ? Number(text) : Number.NaN;
  if (Number.isFinite(number)) return number;
  throw badNumber(text, "a number");
}

function badNumber(text: string, expected: string) {
  return millraceError("MR_CONF_BAD_NUMBER", `"${text}" is not ${expected}`, {
    hint: `Write ${expected} in decimal digits.`,
  });
}
