import { deserialize, serialize } from "node:v8";
import { millraceError } from "../../common/errors/index.ts";
import { SLICED_FROM } from "../aggregation-table.ts";
import type { EncodedBlock, PlainBlock } from "../shuffle-block.ts";
import { type ClassBook, restoreInstances, type WithInstances, withInstances } from "./instances.ts";

/*
 * Layout of an encoded block, little endian, every part aligned to 8 bytes:
 *   u32 number of columns (2: keys and values, 1: records), u32 number of records,
 *   then per column: u32 form, u32 bytes, the column's bytes.
 * A column of strings is the lengths (u32 each) and then all characters together; columns of numbers are
 * typed arrays; anything else is V8's serialisation of the array, with what its objects are instances of. A second column equal to the first (what is sorted
 * by itself) takes nothing.
 */
const FORM_ONE_BYTE = 1;
const FORM_TWO_BYTE = 2;
const FORM_INT32 = 3;
const FORM_FLOAT64 = 4;
const FORM_V8 = 5;
const FORM_SAME = 6;
const FORM_INSTANCES = 7;

interface EncodedColumn {
  readonly form: number;
  readonly sizeBytes: number;
  write(target: Uint8Array): void;
}

const aligned = (sizeBytes: number): number => (sizeBytes + 7) & ~7;

/**
 * Encodes a block into memory that threads share; an empty block becomes no bytes at all. Instances of classes become
 * plain objects, for the bytes may go anywhere.
 */
export function encodeBlock(block: PlainBlock): EncodedBlock {
  return { kind: "encoded", bytes: encodeColumns(columnsOf(block)) };
}

/** The same for another thread of this process, where instances keep their classes. */
export function encodeForThread(block: PlainBlock): EncodedBlock {
  const classes: ClassBook = new Map();
  const bytes = encodeColumns(columnsOf(block), { classes });
  return {
    kind: "encoded",
    bytes,
    ...(classes.size === 0 ? {} : { classes: [...classes.values()] }),
    ...(block.kind === "columns" && block.hasUniqueKeys === true ? { hasUniqueKeys: true } : {}),
  };
}

function columnsOf(block: PlainBlock): readonly (readonly unknown[])[] {
  return block.kind === "columns" ? [block.keys, block.values] : [block.records];
}

/** Memory that threads share. */
function shared(sizeBytes: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(sizeBytes));
}

/** How columns are encoded. */
export interface EncodeOptions {
  /** Gives the memory, which begins at a multiple of 8; default: memory that threads share. */
  readonly allocate?: (sizeBytes: number) => Uint8Array;
  /** Where the classes of instances are entered; without it nobody will know them, and they become plain objects. */
  readonly classes?: ClassBook;
}

/** A column to be encoded: values of any kind, numbers, or texts that are bytes already. */
export type Column = readonly unknown[] | Float64Array | OneByteTexts;

/** Encodes columns of one length; no records become no bytes at all. */
export function encodeColumns(
  columns: readonly Column[],
  { allocate = shared, classes }: EncodeOptions = {},
): Uint8Array {
  const [first = [], ...others] = columns;
  const count = "lengths" in first ? first.lengths.length : first.length;
  if (count === 0) return new Uint8Array(0);
  const encoded = [
    encodeColumn(first, classes),
    ...others.map(column => (areSameTexts(first, column) ? sameColumn : encodeColumn(column, classes))),
  ];
  const total = encoded.reduce((sum, column) => sum + 8 + aligned(column.sizeBytes), 8);
  const bytes = allocate(total);
  const view = new DataView(bytes.buffer, bytes.byteOffset, total);
  view.setUint32(0, columns.length, true);
  view.setUint32(4, count, true);
  let at = 8;
  for (const column of encoded) {
    view.setUint32(at, column.form, true);
    view.setUint32(at + 4, column.sizeBytes, true);
    column.write(bytes.subarray(at + 8, at + 8 + column.sizeBytes));
    at += 8 + aligned(column.sizeBytes);
  }
  return bytes;
}

/** The plain block again. */
export function decodeBlock({ bytes }: EncodedBlock): PlainBlock {
  const [first = [], second] = decodeColumns(bytes);
  return second === undefined
    ? { kind: "records", records: first }
    : { kind: "columns", keys: first, values: second };
}

/** Strings of one-byte characters as they lie in an encoded block. */
export interface OneByteTexts {
  /** All characters, one string after the other. */
  readonly characters: Buffer;
  readonly lengths: Uint32Array;
}

/** The records of a block that has strings of one-byte characters only, without decoding them; else `undefined`. */
export function oneByteTexts({ bytes }: EncodedBlock): OneByteTexts | undefined {
  if (bytes.length === 0) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== 1 || view.getUint32(8, true) !== FORM_ONE_BYTE) return undefined;
  return textsIn(bytes.subarray(16, 16 + view.getUint32(12, true)), view.getUint32(4, true));
}

function textsIn(column: Uint8Array, count: number): OneByteTexts {
  const { buffer, byteOffset, length } = column;
  return {
    lengths: new Uint32Array(buffer, byteOffset, count),
    characters: Buffer.from(buffer, byteOffset + count * 4, length - count * 4),
  };
}

/** The columns again. `bytes` must begin at a multiple of 8. */
export function decodeColumns(bytes: Uint8Array): unknown[][] {
  if (bytes.length === 0) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const columnCount = view.getUint32(0, true);
  const count = view.getUint32(4, true);
  let at = 8;
  const columns: unknown[][] = [];
  for (let i = 0; i < columnCount; i++) {
    const form = view.getUint32(at, true);
    const sizeBytes = view.getUint32(at + 4, true);
    columns.push(
      form === FORM_SAME
        ? (columns[0] as unknown[])
        : decodeColumn(form, bytes.subarray(at + 8, at + 8 + sizeBytes), count),
    );
    at += 8 + aligned(sizeBytes);
  }
  return columns;
}

const sameColumn: EncodedColumn = { form: FORM_SAME, sizeBytes: 0, write() {} };

function areSameTexts(one: Column, other: Column): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return false;
  for (let i = 0; i < one.length; i++) if (typeof one[i] !== "string" || one[i] !== other[i]) return false;
  return true;
}

function encodeColumn(values: Column, classes: ClassBook | undefined): EncodedColumn {
  if ("lengths" in values) return encodeTexts(values);
  if (values instanceof Float64Array) return encodeArray(values);
  if (areAll(values, "string")) return encodeStrings(values as readonly string[]);
  if (areAll(values, "number")) return encodeNumbers(values as readonly number[]);
  const packed = classes === undefined ? undefined : withInstances(values, classes);
  let serialized: Uint8Array;
  try {
    serialized = serialize(packed ?? values);
  } catch (cause) {
    throw millraceError(
      "MR_RECORD_UNSHIPPABLE",
      `a record cannot leave its thread: ${(cause as Error).message}`,
      {
        cause,
      },
    );
  }
  const form = packed === undefined ? FORM_V8 : FORM_INSTANCES;
  return { form, sizeBytes: serialized.length, write: target => target.set(serialized) };
}

function areAll(values: readonly unknown[], type: "string" | "number"): boolean {
  for (let i = 0; i < values.length; i++) if (typeof values[i] !== type) return false;
  return true;
}

function areInt32(values: readonly number[]): boolean {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if ((value | 0) !== value || Object.is(value, -0)) return false;
  }
  return true;
}

function encodeStrings(values: readonly string[]): EncodedColumn {
  const text = values.join("");
  const isOneByte = !/[\u0100-\uffff]/.test(text);
  const lengthBytes = values.length * 4;
  return {
    form: isOneByte ? FORM_ONE_BYTE : FORM_TWO_BYTE,
    sizeBytes: lengthBytes + (isOneByte ? text.length : text.length * 2),
    write(target) {
      const lengths = new Uint32Array(target.buffer, target.byteOffset, values.length);
      for (let i = 0; i < values.length; i++) lengths[i] = (values[i] as string).length;
      const characters = Buffer.from(
        target.buffer,
        target.byteOffset + lengthBytes,
        target.length - lengthBytes,
      );
      if (isOneByte) characters.write(text, "latin1");
      else characters.write(text, "utf16le");
    },
  };
}

function encodeNumbers(values: readonly number[]): EncodedColumn {
  return encodeArray(areInt32(values) ? new Int32Array(values) : new Float64Array(values));
}

function encodeArray(array: Int32Array | Float64Array): EncodedColumn {
  return {
    form: array instanceof Int32Array ? FORM_INT32 : FORM_FLOAT64,
    sizeBytes: array.byteLength,
    write: target => target.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength)),
  };
}

function encodeTexts({ lengths, characters }: OneByteTexts): EncodedColumn {
  return {
    form: FORM_ONE_BYTE,
    sizeBytes: lengths.byteLength + characters.length,
    write(target) {
      target.set(new Uint8Array(lengths.buffer, lengths.byteOffset, lengths.byteLength));
      target.set(characters, lengths.byteLength);
    },
  };
}

function decodeColumn(form: number, bytes: Uint8Array, count: number): unknown[] {
  switch (form) {
    case FORM_ONE_BYTE:
    case FORM_TWO_BYTE:
      return decodeStrings(bytes, count, form === FORM_ONE_BYTE);
    case FORM_INT32:
      return numbersOf(new Int32Array(bytes.buffer, bytes.byteOffset, count));
    case FORM_FLOAT64:
      return numbersOf(new Float64Array(bytes.buffer, bytes.byteOffset, count));
    case FORM_V8:
      // V8 reads from memory of its own.
      return deserialize(Buffer.from(bytes)) as unknown[];
    case FORM_INSTANCES:
      return [...restoreInstances(deserialize(Buffer.from(bytes)) as WithInstances)];
    default:
      throw millraceError("MR_INTERNAL", `a shuffle block has a column of unknown form ${form}`);
  }
}

/** `Array.from` asks an iterator for each. */
function numbersOf(column: Int32Array | Float64Array): number[] {
  const numbers: number[] = [];
  for (let i = 0; i < column.length; i++) numbers.push(column[i] as number);
  return numbers;
}

function decodeStrings(bytes: Uint8Array, count: number, isOneByte: boolean): string[] {
  const texts = textsIn(bytes, count);
  if (isOneByte) return stringsOf(texts);
  const { lengths, characters } = texts;
  return cut(characters.toString("utf16le"), lengths);
}

/** The texts as strings. */
export function stringsOf({ lengths, characters }: OneByteTexts): string[] {
  if (characters.length < lengths.length * SLICED_FROM) return cut(characters.toString("latin1"), lengths);
  // Cut from one text, longer strings would be slices of it: slower to work on, and keeping it alive.
  const strings: string[] = [];
  let at = 0;
  for (let i = 0; i < lengths.length; i++) {
    const end = at + (lengths[i] as number);
    strings.push(characters.toString("latin1", at, end));
    at = end;
  }
  return strings;
}

function cut(text: string, lengths: Uint32Array): string[] {
  const strings: string[] = [];
  let at = 0;
  for (let i = 0; i < lengths.length; i++) {
    const end = at + (lengths[i] as number);
    strings.push(text.substring(at, end));
    at = end;
  }
  return strings;
}
