import type { CompressionCodecName, OutputFormatRef } from "../task/formats/index.ts";
import { type Lineage, originOf } from "./lineage.ts";
import type { PairRDD } from "./rdd.ts";
import { RDDAccessors } from "./rdd-accessors.ts";
import { saveFiles } from "./save-files.ts";

/** Options of actions that write files. */
export interface SaveOptions {
  /** Replaces what an earlier run left in the directory; default false. */
  readonly overwrite?: boolean;
  /** Compresses the files: a short name, or the class name of Hadoop's codec; default: not compressed. */
  readonly codec?: CompressionCodecName | `org.apache.hadoop.io.compress.${string}`;
}

/** Options of `saveAsSequenceFile`. */
export interface SaveSequenceOptions extends SaveOptions {
  /**
   * Classes of keys and values, with or without Hadoop's package: `"Text"`, `"IntWritable"`, `"LongWritable"`,
   * `"BytesWritable"` … Default: by the first record; `Text` for texts, `DoubleWritable` for numbers,
   * `LongWritable` for bigints, `BooleanWritable`, `BytesWritable` for `Uint8Array`, `NullWritable`.
   */
  readonly keyClass?: string;
  readonly valueClass?: string;
  /** With a codec: each value for itself, or many records together, which is smaller; default `"block"`. */
  readonly compression?: "record" | "block";
}

/** Options of `saveAsHadoopFile`: besides these the format's own. */
export interface SaveFormatOptions {
  readonly [option: string]: unknown;
  /** Replaces what an earlier run left in the directory; default false. */
  readonly overwrite?: boolean;
  /** Compresses the files: a codec as for `saveAsTextFile`, or one that the format knows; default: the format's. */
  readonly codec?: string;
}

/**
 * Actions that write the records to files. Each partition becomes one file of a directory, written beside its place
 * and moved there when all are whole; `_SUCCESS` comes last. When a partition fails, nothing of the run is left.
 */
export abstract class SaveActions<T> extends RDDAccessors<T> {
  /**
   * Writes one line of UTF-8 per record, as `print()` shows it, to `part-00000` and so on in the directory `path`,
   * and then `_SUCCESS`.
   *
   * @param path a directory, made with its parents; also as `file:` URL
   * @throws MR_PATH_EXISTS when the directory exists and is not to be overwritten; MR_IO
   * @throws MR_BAD_ARGUMENT for an unknown codec
   * @throws MR_TASK_FAILED with your function's error as cause; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { mkdtempSync, readdirSync, rmSync } from "node:fs";
   * import { tmpdir } from "node:os";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "saveAsTextFile");
   * const folder = mkdtempSync(`${tmpdir()}/saved-`);
   * await sc.parallelize(["a", "b"], 1).saveAsTextFile(`${folder}/out`, { codec: "gzip" });
   * assert.deepEqual(readdirSync(`${folder}/out`).sort(), ["_SUCCESS", "part-00000.gz"]);
   * assert.deepEqual(await sc.textFile(`${folder}/out`).collect(), ["a", "b"]);
   * rmSync(folder, { recursive: true });
   * await sc.stop();
   * ```
   */
  async saveAsTextFile(path: string, options: SaveOptions = {}): Promise<void> {
    await save(this, "saveAsTextFile", path, { name: "lines" }, options);
  }

  /**
   * Writes the records so that `sc.objectFile` reads them again as they are: plain data, dates, Maps, Sets, typed
   * arrays, bigints. The files are sequence files as Spark's, with the records in Millrace's own form in them.
   *
   * @param path a directory, made with its parents; also as `file:` URL
   * @throws MR_PATH_EXISTS when the directory exists and is not to be overwritten; MR_IO; MR_BAD_ARGUMENT
   * @throws MR_RECORD_UNSHIPPABLE when a record holds a function; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { mkdtempSync, rmSync } from "node:fs";
   * import { tmpdir } from "node:os";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "saveAsObjectFile");
   * const folder = mkdtempSync(`${tmpdir()}/objects-`);
   * await sc.parallelize([{ id: 1, at: new Date(0) }]).saveAsObjectFile(`${folder}/out`);
   * const again = sc.objectFile<{ id: number; at: Date }>(`${folder}/out`);
   * assert.deepEqual(await again.collect(), [{ id: 1, at: new Date(0) }]);
   * rmSync(folder, { recursive: true });
   * await sc.stop();
   * ```
   */
  async saveAsObjectFile(path: string, options: SaveOptions = {}): Promise<void> {
    await save(this, "saveAsObjectFile", path, { name: "object-file" }, options);
  }

  /**
   * Writes pairs as Hadoop sequence files, which Spark and Hadoop read.
   *
   * @param path a directory, made with its parents; also as `file:` URL
   * @throws MR_PATH_EXISTS when the directory exists and is not to be overwritten; MR_IO; MR_BAD_ARGUMENT
   * @throws MR_NOT_A_PAIR; MR_BAD_ARGUMENT when a key or value does not fit its class; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { mkdtempSync, rmSync } from "node:fs";
   * import { tmpdir } from "node:os";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "saveAsSequenceFile");
   * const folder = mkdtempSync(`${tmpdir()}/sequence-`);
   * const counts = sc.parallelize([["a", 1], ["b", 2]] as [string, number][]);
   * await counts.saveAsSequenceFile(`${folder}/out`, { valueClass: "IntWritable", codec: "zstd" });
   * assert.deepEqual(await sc.sequenceFile<string, number>(`${folder}/out`).collectAsMap(), new Map([["a", 1], ["b", 2]]));
   * rmSync(folder, { recursive: true });
   * await sc.stop();
   * ```
   */
  async saveAsSequenceFile<K, V>(
    this: PairRDD<K, V>,
    path: string,
    options: SaveSequenceOptions = {},
  ): Promise<void> {
    await save(this, "saveAsSequenceFile", path, { name: "sequence-file" }, options);
  }

  /**
   * Writes the records in an output format: `TextOutputFormat`, `JsonLinesOutputFormat`, `SequenceFileOutputFormat`,
   * or that of another module.
   *
   * @param path a directory, made with its parents; also as `file:` URL
   * @param options besides `overwrite` and `codec` those of the format
   * @throws MR_PATH_EXISTS when the directory exists and is not to be overwritten; MR_IO
   * @throws MR_BAD_ARGUMENT when there is no such format or codec
   * @throws MR_NOT_A_PAIR or MR_BAD_ARGUMENT when a record does not fit the format; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { mkdtempSync, readFileSync, rmSync } from "node:fs";
   * import { tmpdir } from "node:os";
   * import { JsonLinesOutputFormat, SparkContext } from "millrace";
   * const sc = new SparkContext("local", "saveAsHadoopFile");
   * const folder = mkdtempSync(`${tmpdir()}/hadoop-`);
   * await sc.parallelize([{ word: "a", n: 1 }], 1).saveAsHadoopFile(`${folder}/out`, JsonLinesOutputFormat);
   * assert.equal(readFileSync(`${folder}/out/part-00000.json`, "utf8"), '{"word":"a","n":1}\n');
   * rmSync(folder, { recursive: true });
   * await sc.stop();
   * ```
   */
  async saveAsHadoopFile(
    path: string,
    outputFormat: OutputFormatRef,
    options: SaveFormatOptions = {},
  ): Promise<void> {
    await save(this, "saveAsHadoopFile", path, outputFormat, options);
  }

  /**
   * The same as `saveAsHadoopFile`: the two differ in which of Hadoop's interfaces a format implements, and there is
   * one here.
   *
   * @throws as `saveAsHadoopFile`
   *
   * ```ts
   * import assert from "node:assert";
   * import { mkdtempSync, readFileSync, rmSync } from "node:fs";
   * import { tmpdir } from "node:os";
   * import { SparkContext, TextOutputFormat } from "millrace";
   * const sc = new SparkContext("local", "saveAsNewAPIHadoopFile");
   * const folder = mkdtempSync(`${tmpdir()}/hadoop-`);
   * const pairs = sc.parallelize([["a", 1]] as [string, number][], 1);
   * await pairs.saveAsNewAPIHadoopFile(`${folder}/out`, TextOutputFormat);
   * assert.equal(readFileSync(`${folder}/out/part-00000`, "utf8"), "a\t1\n");
   * rmSync(folder, { recursive: true });
   * await sc.stop();
   * ```
   */
  async saveAsNewAPIHadoopFile(
    path: string,
    outputFormat: OutputFormatRef,
    options: SaveFormatOptions = {},
  ): Promise<void> {
    await save(this, "saveAsNewAPIHadoopFile", path, outputFormat, options);
  }
}

/** Starts the action; here so that the user's line is one call up the stack. */
function save(
  rdd: Lineage,
  operator: string,
  path: string,
  format: OutputFormatRef,
  { overwrite = false, codec, ...options }: Pick<SaveFormatOptions, "overwrite" | "codec"> & object,
): Promise<void> {
  const output = { path, format, overwrite, codec, options };
  return saveFiles(rdd.context, rdd.plan, output, originOf(rdd, operator));
}
