import type { CompressionCodec } from "hyparquet";
import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import type { ByteSink, OutputFormat, OutputFormatRef, RecordWriter } from "millrace";
import { millraceError } from "millrace/engine";
import { type codecNames, compressors, parquetCodec } from "./codecs.ts";
import { type Columns, checkColumns, schemaElements, typeOf } from "./column-type.ts";
import { fitValue } from "./fit-value.ts";
import { inferColumns } from "./infer-columns.ts";

/** What `ParquetOutputFormat` takes beside `overwrite` and `codec`. */
export interface ParquetOutputOptions {
  /**
   * The type of each column by its name; default: by the first thousand records, where numbers become `DOUBLE`, bigints
   * `INT64`, dates `TIMESTAMP`, and arrays and objects lists and fields. Give it when columns may be empty.
   */
  readonly schema?: Columns;
  /** Default `"snappy"`. */
  readonly codec?: (typeof codecNames)[number];
  /** Size of a row group before it is compressed, about; what is gathered in memory is several times as much. Default 8 MiB. */
  readonly rowGroupBytes?: number;
}

/**
 * Records as Parquet files, for `saveAsNewAPIHadoopFile`. A record is an object with the columns as its properties,
 * or an array with their values in order; pairs and other arrays without a schema get the columns `_1`, `_2` and so on.
 *
 * Options: `ParquetOutputOptions`. A value that does not fit its column fails the task with MR_BAD_ARGUMENT.
 *
 * ```ts
 * import assert from "node:assert";
 * import { mkdtempSync, rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { ParquetInputFormat, ParquetOutputFormat } from "@millrace/formats";
 * import { SparkContext } from "millrace";
 * const sc = new SparkContext("local", "parquet");
 * const folder = mkdtempSync(`${tmpdir()}/parquet-`);
 * const schema = { id: "INT64", tags: ["STRING"], place: { lat: "DOUBLE", lon: "DOUBLE" } };
 * const records = [{ id: 1, tags: ["a", "b"], place: { lat: 52.5, lon: 13.4 } }];
 * await sc.parallelize(records).saveAsNewAPIHadoopFile(`${folder}/out`, ParquetOutputFormat, { schema, codec: "zstd" });
 * assert.deepEqual(await sc.newAPIHadoopFile(`${folder}/out`, ParquetInputFormat).collect(), records);
 * rmSync(folder, { recursive: true });
 * await sc.stop();
 * ```
 */
export const ParquetOutputFormat: OutputFormatRef = { module: import.meta.url, export: "parquetOutput" };

/** The format itself, found by tasks. */
export const parquetOutput: OutputFormat = {
  extension: ".parquet",
  compressesItself: true,
  options: ["schema", "rowGroupBytes"],
  check: ({ codec, options }) => void settingsOf(codec, options),
  open: (sink, { codec, options }) => new RowGroups(sink, settingsOf(codec, options)),
};

const ROW_GROUP_BYTES = 8 << 20;
/** Rows of the first group: what the others' size is judged by, and the schema when none is given. */
const FIRST_ROWS = 1000;
const MAX_ROWS = 1_000_000;

interface Settings {
  readonly codec: CompressionCodec;
  readonly columns: Columns | undefined;
  readonly rowGroupBytes: number;
}

function settingsOf(codec: string | undefined, options: Readonly<Record<string, unknown>>): Settings {
  const { schema, rowGroupBytes = ROW_GROUP_BYTES } = options;
  if (schema !== undefined) checkColumns(schema);
  if (typeof rowGroupBytes !== "number" || !(rowGroupBytes >= 1)) {
    throw millraceError(
      "MR_BAD_ARGUMENT",
      `rowGroupBytes must be a number of bytes, got ${String(rowGroupBytes)}`,
    );
  }
  return { codec: parquetCodec(codec ?? "snappy"), columns: schema, rowGroupBytes };
}

/** Gathers records until they make a row group. */
class RowGroups implements RecordWriter {
  readonly #sink: ByteSink;
  readonly #settings: Settings;
  readonly #bytes = new ByteWriter();
  #columns: Columns | undefined;
  #file: ParquetWriter | undefined;
  #records: object[] = [];
  #groupRows = FIRST_ROWS;

  constructor(sink: ByteSink, settings: Settings) {
    this.#sink = sink;
    this.#settings = settings;
    this.#columns = settings.columns;
  }

  write(record: unknown): void | Promise<void> {
    this.#records.push(this.#rowOf(record));
    return this.#records.length < this.#groupRows ? undefined : this.#writeGroup();
  }

  async close(): Promise<void> {
    if (this.#records.length > 0) await this.#writeGroup();
    // A partition without records still is a file, if its columns are known.
    this.#open().finish();
    await this.#flush();
  }

  #rowOf(record: unknown): object {
    if (typeof record !== "object" || record === null) {
      throw millraceError(
        "MR_BAD_ARGUMENT",
        `a record of a Parquet file is an object or array, not ${String(record)}`,
        {
          hint: "Map the records to objects with the columns as properties first.",
        },
      );
    }
    if (!Array.isArray(record)) return record;
    const names = this.#settings.columns === undefined ? undefined : Object.keys(this.#settings.columns);
    return Object.fromEntries(record.map((value, i) => [names?.[i] ?? `_${i + 1}`, value]));
  }

  #open(): ParquetWriter {
    this.#columns ??= inferColumns(this.#records);
    this.#file ??= new ParquetWriter({
      writer: this.#bytes,
      schema: schemaElements(this.#columns),
      codec: this.#settings.codec,
      createdBy: "millrace",
      ...(compressors === undefined ? {} : { compressors }),
    });
    return this.#file;
  }

  async #writeGroup(): Promise<void> {
    const file = this.#open();
    const columns = this.#columns as Columns;
    const columnData = Object.keys(columns).map(name => {
      const type = typeOf(columns, name);
      const data = this.#records.map(record =>
        fitValue((record as Record<string, unknown>)[name], type, name),
      );
      return { name, data };
    });
    const rows = this.#records.length;
    await file.write({ columnData, rowGroupSize: rows });
    this.#records = [];
    const bytesPerRow = Number(file.row_groups.at(-1)?.total_byte_size ?? 0) / rows;
    const wanted = Math.round(this.#settings.rowGroupBytes / Math.max(1, bytesPerRow));
    this.#groupRows = Math.min(MAX_ROWS, Math.max(1, wanted));
    await this.#flush();
  }

  async #flush(): Promise<void> {
    // The sink may keep the bytes while the next ones are gathered.
    const bytes = this.#bytes.getBytes().slice();
    this.#bytes.index = 0;
    await this.#sink.write(bytes);
  }
}
