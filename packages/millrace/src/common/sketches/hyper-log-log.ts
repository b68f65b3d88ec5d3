import { millraceError } from "../errors/index.ts";
import { hashKey } from "../keys/index.ts";

/** Precisions that make sense: 16 to 2¹⁸ registers. */
const LEAST_PRECISION = 4;
const GREATEST_PRECISION = 18;

/**
 * Registers of a HyperLogLog sketch with hashes of 64 bits, as in HyperLogLog++ (Heule, Nunkesser, Hall:
 * "HyperLogLog in practice", 2013). Estimates come from the improved raw estimator of Ertl ("New cardinality
 * estimation algorithms for HyperLogLog sketches", 2017, algorithm 6), which needs no tables of corrections
 * and holds from nothing up. Plain bytes: sketches are merged by taking the greater register.
 */
export type Registers = Uint8Array;

/** How many bits choose the register, so that the relative standard deviation is at most `relativeSD`. */
export function precisionFor(relativeSD: number): number {
  const precision = Math.ceil(2 * Math.log2(1.054 / relativeSD));
  if (!(relativeSD > 0) || precision > GREATEST_PRECISION) {
    throw millraceError(
      "MR_BAD_ARGUMENT",
      `the relative standard deviation must be more than ${(1.054 / 2 ** (GREATEST_PRECISION / 2)).toPrecision(3)}, got ${relativeSD}`,
    );
  }
  return Math.max(LEAST_PRECISION, precision);
}

/** An empty sketch. */
export function emptyRegisters(precision: number): Registers {
  return new Uint8Array(2 ** precision);
}

/** Adds a value; values are equal as keys are. */
export function addToRegisters(registers: Registers, value: unknown): void {
  const precision = 31 - Math.clz32(registers.length);
  const high = hashKey(value);
  const low = hashKey([high, value]);
  const register = high >>> (32 - precision);
  // The zeros after the bits that chose the register, up to the end of the 64 bits.
  const rest = (high << precision) >>> 0;
  const zeros = rest === 0 ? 32 - precision + Math.clz32(low) : Math.clz32(rest);
  const rank = zeros + 1;
  if (rank > (registers[register] as number)) registers[register] = rank;
}

/** Makes the first sketch that of both. */
export function mergeRegisters(registers: Registers, other: Registers): Registers {
  for (let i = 0; i < registers.length; i++) {
    const rank = other[i] as number;
    if (rank > (registers[i] as number)) registers[i] = rank;
  }
  return registers;
}

/** How many distinct values a sketch has seen, rounded. */
export function estimateDistinct(registers: Registers): number {
  const count = registers.length;
  const precision = 31 - Math.clz32(count);
  const most = 64 - precision;
  const histogram = new Array<number>(most + 2).fill(0);
  for (const rank of registers) histogram[rank] = (histogram[rank] as number) + 1;
  let z = count * tau(1 - (histogram[most + 1] as number) / count);
  for (let rank = most; rank >= 1; rank--) z = 0.5 * (z + (histogram[rank] as number));
  z += count * sigma((histogram[0] as number) / count);
  return Math.round((count * count) / (2 * Math.LN2 * z));
}

function sigma(x: number): number {
  if (x === 1) return Number.POSITIVE_INFINITY;
  let power = x;
  let factor = 1;
  let sum = x;
  for (;;) {
    power *= power;
    const before = sum;
    sum += power * factor;
    factor += factor;
    if (sum === before) return sum;
  }
}

function tau(x: number): number {
  if (x === 0 || x === 1) return 0;
  let root = x;
  let factor = 1;
  let sum = 1 - x;
  for (;;) {
    root = Math.sqrt(root);
    const before = sum;
    factor *= 0.5;
    sum -= (1 - root) ** 2 * factor;
    if (sum === before) return sum / 3;
  }
}
