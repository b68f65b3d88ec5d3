import { createHash } from "node:crypto";
import { millraceError } from "../../../common/errors/index.ts";
import { sparkText } from "../../../common/format/spark-text.ts";
import { ByteBuffer } from "../byte-buffer.ts";
import { codecOf } from "../codec.ts";
import { notAPair } from "../line-formats.ts";
import type { ByteSink, OutputFormat, OutputSettings, RecordWriter } from "../output-format.ts";
import { type SequenceCompression, type SequenceHeader, SYNC_BYTES, writeHeader } from "./header.ts";
import { type Writable, writableFor, writableOf } from "./writables.ts";

/** Bytes after which a mark is written that readers of a split can find, as Hadoop does. */
const SYNC_INTERVAL = 5 * 1024 * (SYNC_BYTES + 4);
/** Bytes of records that are compressed together. */
const BLOCK_BYTES = 1_000_000;
const SYNC_ESCAPE = -1;

interface SequenceOptions {
  readonly keyClass?: string;
  readonly valueClass?: string;
  readonly compression?: SequenceCompression;
}

/** Hadoop's SequenceFile, version 6: plain, or compressed by value or by block. */
export const sequenceFileFormat: OutputFormat = {
  extension: "",
  compressesItself: true,
  options: ["keyClass", "valueClass", "compression"],
  open: (sink, settings) => new SequenceWriter(sink, settings),
};

class SequenceWriter implements RecordWriter {
  readonly #sink: ByteSink;
  readonly #settings: OutputSettings;
  readonly #out = new ByteBuffer();
  #body: RecordWriter | undefined;

  constructor(sink: ByteSink, settings: OutputSettings) {
    this.#sink = sink;
    this.#settings = settings;
  }

  write(record: unknown): void | Promise<void> {
    if (!Array.isArray(record)) throw notAPair(record);
    const body = this.#body ?? this.#begin(record[0], record[1]);
    return body.write(record);
  }

  async close(): Promise<void> {
    // A file without records has a header too; its classes are those named, or Null.
    const body = this.#body ?? this.#begin(null, null);
    await body.close();
  }

  #begin(key: unknown, value: unknown): RecordWriter {
    const { codec: codecName, options } = this.#settings;
    const { keyClass, valueClass, compression } = options as SequenceOptions;
    const codec = codecName === undefined ? undefined : codecOf(codecName);
    const header: SequenceHeader = {
      key: keyClass === undefined ? writableFor(key) : writableOf(keyClass),
      value: valueClass === undefined ? writableFor(value) : writableOf(valueClass),
      // As `saveAsSequenceFile` of Spark: by block once there is a codec.
      compression: codec === undefined ? "none" : compression === "record" ? "record" : "block",
      codec,
      sync: syncMark(keyClass ?? "", valueClass ?? "", key, value),
    };
    writeHeader(this.#out, header);
    this.#body =
      header.compression === "block"
        ? blockBody(this.#sink, this.#out, header)
        : recordBody(this.#sink, this.#out, header);
    return this.#body;
  }
}

/**
 * A mark that hardly stands anywhere in the data by chance. It comes from the first record and not from chance,
 * so that the same input gives the same bytes.
 */
function syncMark(...parts: readonly unknown[]): Uint8Array {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${typeof part}:${sparkText(part)}\0`);
  return hash.digest().subarray(0, SYNC_BYTES);
}

/** Lengths, key and value of each record; now and then a mark. */
function recordBody(sink: ByteSink, out: ByteBuffer, header: SequenceHeader): RecordWriter {
  const { codec, sync } = header;
  const key = new ByteBuffer();
  const value = new ByteBuffer();
  let sinceSync = 0;
  return {
    write(record) {
      const [recordKey, recordValue] = record as readonly [unknown, unknown];
      key.clear();
      value.clear();
      put(header.key, key, recordKey, "key");
      put(header.value, value, recordValue, "value");
      const bytes = codec === undefined ? value.view() : codec.compress(value.view());
      if (sinceSync >= SYNC_INTERVAL) {
        out.int32(SYNC_ESCAPE);
        out.bytes(sync);
        sinceSync = 0;
      }
      out.int32(key.length + bytes.length);
      out.int32(key.length);
      out.bytes(key.view());
      out.bytes(bytes);
      sinceSync += 8 + key.length + bytes.length;
      return out.flushWhenFull(sink);
    },
    close: () => out.flush(sink),
  };
}

/** Blocks of many records: all key lengths, all keys, all value lengths, all values, each compressed. */
function blockBody(sink: ByteSink, out: ByteBuffer, header: SequenceHeader): RecordWriter {
  const keyLengths = new ByteBuffer();
  const keys = new ByteBuffer();
  const valueLengths = new ByteBuffer();
  const values = new ByteBuffer();
  let count = 0;
  const flush = (): void | Promise<void> => {
    out.int32(SYNC_ESCAPE);
    out.bytes(header.sync);
    out.variableInt(count);
    for (const part of [keyLengths, keys, valueLengths, values]) {
      const bytes = header.codec?.compress(part.view()) ?? part.view();
      out.variableInt(bytes.length);
      out.bytes(bytes);
      part.clear();
    }
    count = 0;
    return out.flush(sink);
  };
  return {
    write(record) {
      const [recordKey, recordValue] = record as readonly [unknown, unknown];
      const keysBefore = keys.length;
      const valuesBefore = values.length;
      put(header.key, keys, recordKey, "key");
      put(header.value, values, recordValue, "value");
      keyLengths.variableInt(keys.length - keysBefore);
      valueLengths.variableInt(values.length - valuesBefore);
      count += 1;
      return keys.length + values.length >= BLOCK_BYTES ? flush() : undefined;
    },
    close: () => (count === 0 ? out.flush(sink) : flush()),
  };
}

function put(writable: Writable, target: ByteBuffer, value: unknown, part: "key" | "value"): void {
  if (!writable.accepts(value)) {
    throw millraceError("MR_BAD_ARGUMENT", `the ${part} ${sparkText(value)} is no ${writable.name}`, {
      hint: "All keys of a sequence file are of one class, and all values; name the classes with keyClass and valueClass.",
    });
  }
  writable.write(target, value);
}
