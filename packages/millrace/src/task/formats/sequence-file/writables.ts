import { millraceError } from "../../../common/errors/index.ts";
import { sparkText } from "../../../common/format/spark-text.ts";
import type { ByteBuffer } from "../byte-buffer.ts";
import { readText, readVariableInt } from "./variable-int.ts";

/** The classes of keys and values that sequence files may have here, by Hadoop's names in `org.apache.hadoop.io`. */
export type WritableName =
  | "NullWritable"
  | "BooleanWritable"
  | "ByteWritable"
  | "IntWritable"
  | "LongWritable"
  | "VIntWritable"
  | "VLongWritable"
  | "FloatWritable"
  | "DoubleWritable"
  | "Text"
  | "BytesWritable";

/** How values of one class are written and read. */
export interface Writable {
  readonly name: WritableName;
  accepts(value: unknown): boolean;
  write(target: ByteBuffer, value: unknown): void;
  /** The value whose bytes these are. */
  read(bytes: Buffer): unknown;
}

const packageName = "org.apache.hadoop.io.";

function isIntegerBetween(least: number, most: number): (value: unknown) => boolean {
  return value => Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

const isInt32 = isIntegerBetween(-(2 ** 31), 2 ** 31 - 1);

function isInt64(value: unknown): boolean {
  return Number.isSafeInteger(value) || (typeof value === "bigint" && BigInt.asIntN(64, value) === value);
}

const isNumber = (value: unknown): boolean => typeof value === "number";

/** A long as a number where that is exact. */
function exact(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

const writables: readonly Writable[] = [
  {
    name: "NullWritable",
    accepts: value => value === null || value === undefined,
    write() {},
    read: () => null,
  },
  {
    name: "BooleanWritable",
    accepts: value => typeof value === "boolean",
    write: (target, value) => target.byte(value === true ? 1 : 0),
    read: bytes => bytes.readUInt8(0) !== 0,
  },
  {
    name: "ByteWritable",
    accepts: isIntegerBetween(-128, 127),
    write: (target, value) => target.byte(value as number),
    read: bytes => bytes.readInt8(0),
  },
  {
    name: "IntWritable",
    accepts: isInt32,
    write: (target, value) => target.int32(value as number),
    read: bytes => bytes.readInt32BE(0),
  },
  {
    name: "LongWritable",
    accepts: isInt64,
    write: (target, value) => target.int64(BigInt(value as number | bigint)),
    read: bytes => exact(bytes.readBigInt64BE(0)),
  },
  {
    name: "VIntWritable",
    accepts: isInt32,
    write: (target, value) => target.variableInt(value as number),
    read: bytes => Number(readVariableInt(bytes, 0).value),
  },
  {
    name: "VLongWritable",
    accepts: isInt64,
    write: (target, value) => target.variableInt(value as number | bigint),
    read: bytes => exact(readVariableInt(bytes, 0).value),
  },
  {
    name: "FloatWritable",
    accepts: isNumber,
    write: (target, value) => target.float32(value as number),
    read: bytes => bytes.readFloatBE(0),
  },
  {
    name: "DoubleWritable",
    accepts: isNumber,
    write: (target, value) => target.float64(value as number),
    read: bytes => bytes.readDoubleBE(0),
  },
  {
    name: "Text",
    accepts: value => typeof value === "string",
    write: (target, value) => target.text(value as string),
    read: bytes => readText(bytes, 0).value,
  },
  {
    name: "BytesWritable",
    accepts: value => value instanceof Uint8Array,
    write(target, value) {
      target.int32((value as Uint8Array).length);
      target.bytes(value as Uint8Array);
    },
    // A copy: the bytes are part of what is read next.
    read: bytes => Uint8Array.from(bytes.subarray(4, 4 + bytes.readInt32BE(0))),
  },
];

/** Hadoop's full name of a class. */
export function classNameOf(writable: Writable): string {
  return packageName + writable.name;
}

/**
 * The class of a name, with or without its package.
 * @throws MR_BAD_ARGUMENT for a class that is not known here
 */
export function writableOf(name: string): Writable {
  const short = name.startsWith(packageName) ? name.slice(packageName.length) : name;
  const found = writables.find(writable => writable.name === short);
  if (found !== undefined) return found;
  throw millraceError("MR_BAD_ARGUMENT", `keys or values of class ${name} cannot be read or written`, {
    hint: `These classes are known: ${writables.map(writable => writable.name).join(", ")}.`,
  });
}

/**
 * The class a value is written as when none was named: of numbers always `DoubleWritable`, so that the first
 * record of a file does not decide which later ones fit.
 *
 * @throws MR_BAD_ARGUMENT when there is none
 */
export function writableFor(value: unknown): Writable {
  if (typeof value === "number") return writableOf("DoubleWritable");
  if (typeof value === "bigint") return writableOf("LongWritable");
  const found = writables.find(writable => writable.accepts(value));
  if (found !== undefined) return found;
  throw millraceError("MR_BAD_ARGUMENT", `${sparkText(value)} has no form in a sequence file`, {
    hint: "Texts, numbers, booleans, bigints, bytes (Uint8Array) and null do; map others to one of these, or use saveAsObjectFile.",
  });
}
