import { finalMix, hashString, mixBlock } from "./hash-string.ts";
import { checkStructure, isDate } from "./structure.ts";

// One seed per type, so that 1, "1", 1n and [1] land apart. Part of the format: never change them.
const stringSeed = 0;
const numberSeed = 0x9e3779b1;
const bigintSeed = 0x85ebca77;
const dateSeed = 0xc2b2ae3d;
const arraySeed = 0x27d4eb2f;
const recordSeed = 0x165667b1;
const trueHash = finalMix(0x68e31da4);
const falseHash = finalMix(0xb5297a4d);
const notANumberHash = finalMix(0x1b56c4e9);

const double = new DataView(new ArrayBuffer(8));

/**
 * The hash of a key: an integer from 0 to 2³² − 1, the same in every process and version, since it decides
 * which partition holds a key's state. Equal keys (`keysEqual`) have equal hashes; `null` and `undefined`
 * hash to 0.
 *
 * @throws MR_KEY_UNSUPPORTED when the key, or something in it, cannot be a key
 */
export function hashKey(key: unknown): number {
  if (typeof key === "string") return hashString(key, stringSeed);
  if (typeof key === "number") return hashNumber(key, numberSeed);
  return hashOther(key, 0);
}

function hashPart(key: unknown, depth: number): number {
  if (typeof key === "string" || typeof key === "number") return hashKey(key);
  return hashOther(key, depth);
}

function hashOther(key: unknown, depth: number): number {
  if (key === null || key === undefined) return 0;
  if (typeof key === "boolean") return key ? trueHash : falseHash;
  if (typeof key === "bigint") return hashString(key.toString(16), bigintSeed);
  checkStructure(key, depth);
  if (isDate(key)) return hashNumber(key.getTime(), dateSeed);
  return Array.isArray(key)
    ? hashArray(key, depth)
    : hashRecord(key as Readonly<Record<string, unknown>>, depth);
}

function hashNumber(value: number, seed: number): number {
  const integer = value | 0;
  // -0 takes this way and becomes 0.
  if (integer === value) return finalMix(mixBlock(seed, integer));
  if (Number.isNaN(value)) return notANumberHash;
  double.setFloat64(0, value, true);
  return finalMix(mixBlock(mixBlock(seed, double.getInt32(0, true)), double.getInt32(4, true)));
}

function hashArray(array: readonly unknown[], depth: number): number {
  let hash = arraySeed | 0;
  for (let i = 0; i < array.length; i++) hash = mixBlock(hash, hashPart(array[i], depth + 1));
  return finalMix(hash ^ array.length);
}

function hashRecord(record: Readonly<Record<string, unknown>>, depth: number): number {
  const names = Object.keys(record);
  // A sum does not depend on the order of the properties, which spares sorting them.
  let sum = 0;
  for (const name of names) {
    const value = hashPart(record[name], depth + 1);
    sum = (sum + finalMix(mixBlock(hashString(name, recordSeed), value))) | 0;
  }
  return finalMix(mixBlock(recordSeed, sum) ^ names.length);
}
