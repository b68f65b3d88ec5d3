import { type AsyncBuffer, parquetMetadataAsync, parquetReadObjects, type RowGroup } from "hyparquet";
import type { FileReader, InputFormat, InputFormatRef, InputSplit } from "millrace";
import { millraceError } from "millrace/engine";
import { bytesAt } from "../bytes-at.ts";
import { unreadable } from "../unreadable.ts";
import { decompressors } from "./codecs.ts";
import { ownValues } from "./own-values.ts";

/** What `ParquetInputFormat` takes. */
export interface ParquetInputOptions {
  /** The columns that are read; default all. */
  readonly columns?: readonly string[];
}

/**
 * Rows of Parquet files as objects, for `newAPIHadoopFile`. Files are cut at their row groups, so that several tasks
 * read a large one, and only the columns that are wanted are read. Integers of 64 bits come as numbers, or as `bigint`
 * where a number would not be exact; timestamps as `Date`; codecs are snappy, gzip, zstd and brotli.
 *
 * Options: `ParquetInputOptions`. A damaged file fails the task with MR_IO.
 *
 * ```ts
 * import assert from "node:assert";
 * import { mkdtempSync, rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { ParquetInputFormat, ParquetOutputFormat } from "@millrace/formats";
 * import { SparkContext } from "millrace";
 * const sc = new SparkContext("local", "parquet");
 * const folder = mkdtempSync(`${tmpdir()}/parquet-`);
 * await sc.parallelize([["a", 1], ["b", 2]]).saveAsNewAPIHadoopFile(`${folder}/out`, ParquetOutputFormat);
 * const rows = sc.newAPIHadoopFile<{ _2: number }>(`${folder}/out`, ParquetInputFormat, { columns: ["_2"] });
 * assert.deepEqual(await rows.map(row => row._2).collect(), [1, 2]);
 * rmSync(folder, { recursive: true });
 * await sc.stop();
 * ```
 */
export const ParquetInputFormat: InputFormatRef = { module: import.meta.url, export: "parquetInput" };

/** The format itself, found by tasks. */
export const parquetInput: InputFormat = { options: ["columns"], read: rowGroups };

/** Rows handed on at a time. */
const CHUNK_ROWS = 4096;

/** The rows of the groups that begin within the split. */
async function* rowGroups(
  file: FileReader,
  { path, start, end, options }: InputSplit,
): AsyncGenerator<readonly unknown[], undefined> {
  const { columns } = options as ParquetInputOptions;
  try {
    const buffer = bufferOf(file);
    const metadata = await parquetMetadataAsync(buffer);
    const names = new Set(metadata.row_groups.flatMap(group => group.columns.map(topLevelName)));
    const unknown = columns?.filter(name => !names.has(name)) ?? [];
    if (unknown.length > 0 && names.size > 0) {
      throw millraceError("MR_BAD_ARGUMENT", `${path} has no column ${unknown.join(", ")}`, {
        hint: `Its columns are ${[...names].join(", ")}.`,
      });
    }
    let rowStart = 0;
    for (const group of metadata.row_groups) {
      const rowEnd = rowStart + Number(group.num_rows);
      const position = positionOf(group);
      if (position >= start && position < end) {
        const rows = await parquetReadObjects({
          file: buffer,
          metadata,
          rowStart,
          rowEnd,
          compressors: decompressors,
          utf8: false,
          ...(columns === undefined ? {} : { columns: [...columns] }),
        });
        ownValues(rows, group);
        for (let at = 0; at < rows.length; at += CHUNK_ROWS) yield rows.slice(at, at + CHUNK_ROWS);
      }
      rowStart = rowEnd;
    }
  } catch (error) {
    throw unreadable(path, "Parquet", error);
  }
}

function bufferOf(file: FileReader): AsyncBuffer {
  return {
    byteLength: file.sizeBytes,
    slice: async (start, end = file.sizeBytes) => (await bytesAt(file, start, end - start)).buffer,
  };
}

/** Where a row group begins. */
function positionOf({ columns }: RowGroup): number {
  const { dictionary_page_offset: dictionary, data_page_offset: data = 0n } = columns[0]?.meta_data ?? {};
  return Number(dictionary !== undefined && dictionary > 0n && dictionary < data ? dictionary : data);
}

function topLevelName({ meta_data }: RowGroup["columns"][number]): string {
  return meta_data?.path_in_schema[0] ?? "";
}
