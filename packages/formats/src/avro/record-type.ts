import avsc from "avsc";
import { millraceError } from "millrace/engine";
import { formedType, plainType } from "./values.ts";

/** Turns records into bytes and back, by an Avro schema. */
export class AvroRecordType {
  /** The schema as JSON, as it was given. */
  readonly json: string;
  readonly #type: avsc.Type;

  private constructor(json: string, type: avsc.Type) {
    this.json = json;
    this.#type = type;
  }

  /**
   * @param schema an object, the name of a type, or JSON
   * @throws MR_BAD_ARGUMENT when it is no schema
   */
  static of(schema: unknown): AvroRecordType {
    try {
      const isJson = typeof schema === "string" && /^\s*[[{"]/.test(schema);
      const parsed = (isJson ? JSON.parse(schema) : schema) as avsc.schema.AvroSchema;
      const type = formedType(parsed);
      makePlain(type, new Set());
      return new AvroRecordType(JSON.stringify(parsed), type);
    } catch (cause) {
      throw millraceError("MR_BAD_ARGUMENT", `that is no Avro schema: ${(cause as Error).message}`, {
        cause,
      });
    }
  }

  /**
   * Writes a record to `target` at `at`; answers where it ends, or how many bytes are missing as a negative number.
   * @throws MR_BAD_ARGUMENT when the record does not fit the schema
   */
  encode(record: unknown, target: Buffer, at: number): number {
    try {
      return this.#type.encode(record, target, at);
    } catch (cause) {
      throw misfit(this.#type, record, cause as Error);
    }
  }

  /** Reads all records of a block, as `wanted` has them when it is given. */
  decoder(wanted: AvroRecordType | undefined): (bytes: Buffer, count: number) => unknown[] {
    if (wanted === undefined) return blockDecoder(this.#type);
    const written = plainType(JSON.parse(this.json) as avsc.schema.AvroSchema);
    return blockDecoder(wanted.#type, resolverOf(wanted.#type, written));
  }
}

function blockDecoder(type: avsc.Type, resolver?: ReturnType<avsc.Type["createResolver"]>) {
  return (bytes: Buffer, count: number): unknown[] => {
    const records: unknown[] = [];
    let at = 0;
    for (let i = 0; i < count; i++) {
      const { value, offset } = type.decode(bytes, at, resolver);
      if (offset < 0) throw new RangeError("a block has fewer records than it should");
      records.push(value);
      at = offset;
    }
    return records;
  };
}

function resolverOf(wanted: avsc.Type, written: avsc.Type) {
  try {
    return wanted.createResolver(written);
  } catch (cause) {
    const message = `the schema does not fit the one of the file: ${(cause as Error).message}`;
    throw millraceError("MR_BAD_ARGUMENT", message, { cause });
  }
}

function misfit(type: avsc.Type, record: unknown, cause: Error) {
  let place = "";
  type.isValid(record, {
    errorHook: (path, value, expected) => {
      place ||= `${path.length === 0 ? "it" : path.join(".")} is ${shown(value)} and should be ${shown(expected)}`;
    },
  });
  return millraceError(
    "MR_BAD_ARGUMENT",
    `a record does not fit the Avro schema: ${place || cause.message}`,
    {
      cause,
      hint: "Change the records before they are written, or the schema.",
    },
  );
}

function shown(value: unknown): string {
  if (value instanceof avsc.Type) return String(value);
  return typeof value === "bigint" ? `${value}n` : (JSON.stringify(value) ?? String(value));
}

/** Records are plain objects, which may be sent between threads and spilled; the library would make classes. */
function makePlain(type: avsc.Type, seen: Set<avsc.Type>): void {
  if (seen.has(type)) return;
  seen.add(type);
  const { recordConstructor, fields, itemsType, valuesType, underlyingType, types } = type as avsc.Type & {
    readonly recordConstructor?: { prototype: object };
    readonly fields?: readonly { readonly type: avsc.Type }[];
    readonly itemsType?: avsc.Type;
    readonly valuesType?: avsc.Type;
    readonly underlyingType?: avsc.Type;
    readonly types?: readonly avsc.Type[];
  };
  if (recordConstructor !== undefined) recordConstructor.prototype = Object.prototype;
  for (const field of fields ?? []) makePlain(field.type, seen);
  for (const inner of [itemsType, valuesType, underlyingType, ...(types ?? [])]) {
    if (inner !== undefined) makePlain(inner, seen);
  }
}
