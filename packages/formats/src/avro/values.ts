import avsc from "avsc";

const MILLISECONDS_PER_DAY = 86_400_000;
const MIN_LONG = -(2n ** 63n);
const MAX_LONG = 2n ** 63n - 1n;

/** Integers of 64 bits: as numbers where these are exact, as `bigint` where not. */
const longType: avsc.Type = avsc.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => exact(bytes.readBigInt64LE()),
  toBuffer(value: number | bigint) {
    const bytes = Buffer.allocUnsafe(8);
    bytes.writeBigInt64LE(BigInt(value));
    return bytes;
  },
  fromJSON: (value: number | string) => exact(BigInt(value)),
  toJSON: Number,
  isValid: (value: unknown) =>
    typeof value === "bigint" ? value >= MIN_LONG && value <= MAX_LONG : Number.isSafeInteger(value),
  compare: (a: number | bigint, b: number | bigint) => (a < b ? -1 : a > b ? 1 : 0),
});

function exact(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** A type whose values JavaScript has in another form than the library. */
abstract class FormedType extends avsc.types.LogicalType {
  /** Of values that were written as `written`, without another form. */
  protected override _resolve(written: avsc.Type): ((value: unknown) => unknown) | undefined {
    this.underlyingType.createResolver(written);
    return value => this._fromValue(value);
  }

  protected abstract override _fromValue(value: unknown): unknown;
}

/** `timestamp-millis` as `Date`. */
class TimestampType extends FormedType {
  protected override _fromValue(value: unknown): Date {
    return new Date(Number(value));
  }

  protected override _toValue(date: unknown): number | undefined {
    return date instanceof Date ? date.getTime() : undefined;
  }
}

/** `date` as a `Date` at midnight UTC. */
class DateType extends FormedType {
  protected override _fromValue(days: unknown): Date {
    return new Date(Number(days) * MILLISECONDS_PER_DAY);
  }

  protected override _toValue(date: unknown): number | undefined {
    return date instanceof Date ? Math.floor(date.getTime() / MILLISECONDS_PER_DAY) : undefined;
  }
}

/** `bytes` and `fixed` as any `Uint8Array`. */
class BytesType extends FormedType {
  protected override _fromValue(bytes: unknown): Uint8Array {
    // Of its own memory: the library's may be a piece of a whole block.
    return Uint8Array.from(bytes as Buffer);
  }

  protected override _toValue(bytes: unknown): Buffer | undefined {
    if (!(bytes instanceof Uint8Array)) return undefined;
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
}

const logicalTypes = { "timestamp-millis": TimestampType, date: DateType };

type SchemaNode = string | { readonly type?: unknown; readonly logicalType?: unknown };

/** The type of a schema, with values in the forms of JavaScript. */
export function formedType(schema: avsc.schema.AvroSchema): avsc.Type {
  let entered: unknown;
  return avsc.Type.forSchema(schema, {
    logicalTypes,
    omitRecordMethods: true,
    typeHook(node, options) {
      const { type, logicalType } =
        typeof node === "string" ? { type: node } : (node as Exclude<SchemaNode, string>);
      if (Object.hasOwn(logicalTypes, String(logicalType))) return undefined;
      if (type === "long") return longType;
      if ((type !== "bytes" && type !== "fixed") || entered === node) return undefined;
      // It makes the type it stands for of the same node.
      entered = node;
      try {
        return new BytesType(node, options);
      } finally {
        entered = undefined;
      }
    },
  });
}

/** The type of a schema, with values in the forms of the library: what files that are read in another schema need. */
export function plainType(schema: avsc.schema.AvroSchema): avsc.Type {
  return avsc.Type.forSchema(schema, { omitRecordMethods: true });
}
