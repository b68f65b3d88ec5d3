import { createHash } from "node:crypto";
import type { ByteSink, OutputFormat, OutputFormatRef, RecordWriter } from "millrace";
import { millraceError } from "millrace/engine";
import { type AvroCodec, avroCodec } from "./codecs.ts";
import { blockStart, fileHeader } from "./container.ts";
import { AvroRecordType } from "./record-type.ts";

/** What `AvroOutputFormat` takes beside `overwrite` and `codec`. */
export interface AvroOutputOptions {
  /** The Avro schema of a record: as an object, a name such as `"string"`, or the JSON text of an `.avsc` file. */
  readonly schema: object | string;
  /** `"deflate"`, `"snappy"` or `"zstandard"`; default `"null"`: not compressed. */
  readonly codec?: "null" | "deflate" | "snappy" | "zstandard";
}

/**
 * Records as Avro object container files, for `saveAsNewAPIHadoopFile`. A record has to fit the schema: a `long` takes
 * integers as number or `bigint`, `bytes` a `Uint8Array`, `timestamp-millis` and `date` a `Date`; a union such as
 * `["null", "string"]` takes plain values.
 *
 * Options: `AvroOutputOptions`. A record that does not fit fails the task with MR_BAD_ARGUMENT and names the field.
 *
 * ```ts
 * import assert from "node:assert";
 * import { mkdtempSync, rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { AvroInputFormat, AvroOutputFormat } from "@millrace/formats";
 * import { SparkContext } from "millrace";
 * const sc = new SparkContext("local", "avro");
 * const folder = mkdtempSync(`${tmpdir()}/avro-`);
 * const schema = {
 *   type: "record",
 *   name: "Click",
 *   fields: [
 *     { name: "user", type: "string" },
 *     { name: "at", type: { type: "long", logicalType: "timestamp-millis" } },
 *   ],
 * };
 * const clicks = sc.parallelize([{ user: "ada", at: new Date(0) }]);
 * await clicks.saveAsNewAPIHadoopFile(`${folder}/clicks`, AvroOutputFormat, { schema, codec: "snappy" });
 * const again = sc.newAPIHadoopFile<{ user: string; at: Date }>(`${folder}/clicks`, AvroInputFormat);
 * assert.deepEqual(await again.collect(), [{ user: "ada", at: new Date(0) }]);
 * rmSync(folder, { recursive: true });
 * await sc.stop();
 * ```
 */
export const AvroOutputFormat: OutputFormatRef = {
  module: import.meta.url,
  export: "avroOutput",
};

/** Bytes of a block before it is compressed, about. */
const BLOCK_BYTES = 1 << 16;

/** The format itself, found by tasks. */
export const avroOutput: OutputFormat = {
  extension: ".avro",
  compressesItself: true,
  options: ["schema"],
  check({ codec = "null", options }) {
    avroCodec(codec);
    AvroRecordType.of(schemaIn(options));
  },
  open: (sink, { codec = "null", options }) =>
    new AvroWriter(sink, AvroRecordType.of(schemaIn(options)), avroCodec(codec)),
};

function schemaIn(options: Readonly<Record<string, unknown>>): unknown {
  if (options["schema"] !== undefined) return options["schema"];
  throw millraceError("MR_BAD_ARGUMENT", "Avro files need a schema", {
    hint: "Give it with the format: `saveAsNewAPIHadoopFile(path, AvroOutputFormat, { schema })`.",
  });
}

class AvroWriter implements RecordWriter {
  readonly #sink: ByteSink;
  readonly #type: AvroRecordType;
  readonly #codec: AvroCodec;
  #bytes = Buffer.allocUnsafe(2 * BLOCK_BYTES);
  #length = 0;
  #count = 0;
  /** Ends every block; chosen with the first one. */
  #mark: Buffer | undefined;

  constructor(sink: ByteSink, type: AvroRecordType, codec: AvroCodec) {
    this.#sink = sink;
    this.#type = type;
    this.#codec = codec;
  }

  write(record: unknown): void | Promise<void> {
    let end = this.#type.encode(record, this.#bytes, this.#length);
    while (end < 0) {
      const bytes = Buffer.allocUnsafe(2 * this.#bytes.length - end);
      this.#bytes.copy(bytes, 0, 0, this.#length);
      this.#bytes = bytes;
      end = this.#type.encode(record, bytes, this.#length);
    }
    this.#length = end;
    this.#count += 1;
    return this.#length < BLOCK_BYTES ? undefined : this.#flush();
  }

  close(): Promise<void> {
    return this.#flush();
  }

  async #flush(): Promise<void> {
    const records = this.#bytes.subarray(0, this.#length);
    const parts: Uint8Array[] = [];
    if (this.#mark === undefined) {
      this.#mark = createHash("md5").update(this.#type.json).update(records).digest();
      parts.push(fileHeader(this.#type.json, this.#codec.name, this.#mark));
    }
    if (this.#count > 0) {
      const block = this.#codec.compress(records);
      parts.push(blockStart(this.#count, block.length), block, this.#mark);
    }
    // The sink may keep the bytes while the next ones are gathered.
    const bytes = Buffer.concat(parts);
    this.#length = 0;
    this.#count = 0;
    await this.#sink.write(bytes);
  }
}
