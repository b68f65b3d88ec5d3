import { type CallSite, captureCallSite } from "../../common/call-site.ts";
import { millraceError } from "../../common/errors/index.ts";
import { expandPaths } from "../../common/files/expand-paths.ts";
import { type Origin, type PlanNode, source } from "../../plan/index.ts";
import type { InputFormatRef } from "../../task/formats/index.ts";
import type { FormatSplit } from "../../task/readers/input-format.ts";
import type { RDD } from "../rdd.ts";
import { checkRecordLength, recordSplitsOf } from "../record-files.ts";
import { onDriver } from "../run-action.ts";
import { byteRanges, textSplits } from "../text-files.ts";
import { openable, sequenceSplits, wholeFileSplits } from "../whole-files.ts";
import { SharedVariables } from "./shared-variables.ts";

/** Options of `hadoopFile` and `newAPIHadoopFile`: besides this the format's own. */
export interface InputFormatOptions {
  readonly [option: string]: unknown;
  /** How many partitions at least, about; default `defaultMinPartitions`. */
  readonly minPartitions?: number;
}

/** Sources that are files. All paths may be those of `textFile`. */
export abstract class FileSources extends SharedVariables {
  /** Number of partitions of files at least, unless told: `min(defaultParallelism, 2)`. */
  abstract get defaultMinPartitions(): number;

  /**
   * The lines of a text file, of the files of a directory, of a glob (`*`, `?`, `[a-z]`, `{a,b}`), or of several of
   * these separated by commas. UTF-8; lines end with `\n`, `\r\n` or `\r`. Files whose names end with `.gz`, `.zst` or
   * `.deflate` are decompressed, one partition each; others are cut into partitions at lines. Names that begin with `.`
   * or `_` are left out of directories and globs.
   *
   * @param minPartitions how many partitions at least, about; default `defaultMinPartitions`
   * @throws MR_PATH_NOT_FOUND, MR_IO at once, not when an action runs; MR_BAD_ARGUMENT unless
   * `minPartitions` is an
   * integer of at least 1; MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
   * import { tmpdir } from "node:os";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "textFile");
   * const folder = mkdtempSync(`${tmpdir()}/lines-`);
   * writeFileSync(`${folder}/a.txt`, "first\nsecond\n");
   * assert.deepEqual(await sc.textFile(`${folder}/*.txt`).collect(), ["first", "second"]);
   * rmSync(folder, { recursive: true });
   * await sc.stop();
   * ```
   */
  textFile(path: string, minPartitions: number = this.defaultMinPartitions): RDD<string> {
    checkSlices("textFile", minPartitions);
    const origin = this.origin("textFile");
    return this.#read(origin, "text-file", () => textSplits(this.platform, path, minPartitions));
  }

  /**
   * The records of binary files in which all have the same length, each as a `Uint8Array`. Paths as for `textFile`.
   *
   * @param recordLength bytes of a record, at least 1
   * @throws MR_PATH_NOT_FOUND, MR_IO, MR_BAD_ARGUMENT, MR_CONTEXT_STOPPED at once; MR_RECORD_LENGTH in a task, when
   * a file's size is no multiple of the length
   *
   * ```ts
   * import assert from "node:assert";
   * import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
   * import { tmpdir } from "node:os";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "binaryRecords");
   * const folder = mkdtempSync(`${tmpdir()}/records-`);
   * writeFileSync(`${folder}/a.bin`, Uint8Array.of(1, 2, 3, 4));
   * const sums = sc.binaryRecords(folder, 2).map(([a = 0, b = 0]) => a + b);
   * assert.deepEqual(await sums.collect(), [3, 7]);
   * rmSync(folder, { recursive: true });
   * await sc.stop();
   * ```
   */
  binaryRecords(path: string, recordLength: number): RDD<Uint8Array> {
    const origin = this.origin("binaryRecords");
    checkRecordLength("binaryRecords", recordLength);
    return this.#read(origin, "fixed-records", () =>
      expandPaths(this.platform.files, path).flatMap(file => recordSplitsOf(file, recordLength)),
    );
  }

  /**
   * Whole text files, each as one record `[path, text]`. For many small files; each must fit into memory.
   *
   * @param minPartitions how many partitions the files are spread over, about; default `defaultMinPartitions`
   * @throws MR_PATH_NOT_FOUND, MR_IO at once; MR_BAD_ARGUMENT unless `minPartitions` is an integer of at least 1;
   * MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
   * import { tmpdir } from "node:os";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "wholeTextFiles");
   * const folder = mkdtempSync(`${tmpdir()}/texts-`);
   * writeFileSync(`${folder}/a.txt`, "two\nlines\n");
   * assert.deepEqual(await sc.wholeTextFiles(folder).collect(), [[`${folder}/a.txt`, "two\nlines\n"]]);
   * rmSync(folder, { recursive: true });
   * await sc.stop();
   * ```
   */
  wholeTextFiles(path: string, minPartitions: number = this.defaultMinPartitions): RDD<[string, string]> {
    checkSlices("wholeTextFiles", minPartitions);
    const origin = this.origin("wholeTextFiles");
    return this.#read(origin, "whole-file", () =>
      wholeFileSplits(this.platform, path, minPartitions, "text"),
    );
  }

  /**
   * Whole files as bytes, each as one record `[path, bytes]`. Each must fit into memory.
   *
   * @param minPartitions how many partitions the files are spread over, about; default `defaultMinPartitions`
   * @throws MR_PATH_NOT_FOUND, MR_IO at once; MR_BAD_ARGUMENT unless `minPartitions` is an integer of at least 1;
   * MR_CONTEXT_STOPPED
   *
   * ```ts
   * import assert from "node:assert";
   * import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
   * import { tmpdir } from "node:os";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "binaryFiles");
   * const folder = mkdtempSync(`${tmpdir()}/bytes-`);
   * writeFileSync(`${folder}/a.bin`, Uint8Array.of(1, 2, 3));
   * assert.deepEqual(await sc.binaryFiles(folder).mapValues(bytes => bytes.length).collect(), [[`${folder}/a.bin`, 3]]);
   * rmSync(folder, { recursive: true });
   * await sc.stop();
   * ```
   */
  binaryFiles(path: string, minPartitions: number = this.defaultMinPartitions): RDD<[string, Uint8Array]> {
    checkSlices("binaryFiles", minPartitions);
    const origin = this.origin("binaryFiles");
    return this.#read(origin, "whole-file", () =>
      wholeFileSplits(this.platform, path, minPartitions, "bytes"),
    );
  }

  /**
   * The records that `saveAsObjectFile` wrote.
   *
   * @param minPartitions how many partitions at least, about; default `defaultMinPartitions`
   * @throws MR_PATH_NOT_FOUND, MR_IO at once; MR_BAD_ARGUMENT unless `minPartitions` is an integer of at least 1;
   * MR_CONTEXT_STOPPED
   * @throws MR_IO in a task when a file is damaged, or its objects were written by another program
   *
   * ```ts
   * import assert from "node:assert";
   * import { mkdtempSync, rmSync } from "node:fs";
   * import { tmpdir } from "node:os";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "objectFile");
   * const folder = mkdtempSync(`${tmpdir()}/objects-`);
   * await sc.parallelize([new Map([["a", 1]])]).saveAsObjectFile(`${folder}/out`);
   * assert.equal((await sc.objectFile<Map<string, number>>(`${folder}/out`).first()).get("a"), 1);
   * rmSync(folder, { recursive: true });
   * await sc.stop();
   * ```
   */
  objectFile<T>(path: string, minPartitions: number = this.defaultMinPartitions): RDD<T> {
    checkSlices("objectFile", minPartitions);
    const origin = this.origin("objectFile");
    return this.#read(origin, "object-file", () => sequenceSplits(this.platform, path, minPartitions));
  }

  /**
   * The pairs of Hadoop sequence files. Texts, numbers, booleans and bytes come as JavaScript's (a `LongWritable` as
   * `bigint` where a number would not be exact), `NullWritable` as `null`. Files may be compressed with gzip,
   * deflate or zstd, by value or by block.
   *
   * @param minPartitions how many partitions at least, about; default `defaultMinPartitions`
   * @throws MR_PATH_NOT_FOUND, MR_IO at once; MR_BAD_ARGUMENT unless `minPartitions` is an integer of at least 1;
   * MR_CONTEXT_STOPPED
   * @throws MR_IO in a task when a file is damaged; MR_BAD_ARGUMENT when its classes or codec are not known
   *
   * ```ts
   * import assert from "node:assert";
   * import { mkdtempSync, rmSync } from "node:fs";
   * import { tmpdir } from "node:os";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "sequenceFile");
   * const folder = mkdtempSync(`${tmpdir()}/sequence-`);
   * await sc.parallelize([["a", 1]] as [string, number][]).saveAsSequenceFile(`${folder}/out`);
   * assert.deepEqual(await sc.sequenceFile<string, number>(`${folder}/out`).collect(), [["a", 1]]);
   * rmSync(folder, { recursive: true });
   * await sc.stop();
   * ```
   */
  sequenceFile<K, V>(path: string, minPartitions: number = this.defaultMinPartitions): RDD<[K, V]> {
    checkSlices("sequenceFile", minPartitions);
    const origin = this.origin("sequenceFile");
    return this.#read(origin, "sequence-file", () => sequenceSplits(this.platform, path, minPartitions));
  }

  /**
   * The records of files in an input format: one of a package, such as Avro and Parquet of `@millrace/formats`, or
   * your own. Paths as for `textFile`.
   *
   * @param options besides `minPartitions` those of the format, as plain data
   * @throws MR_PATH_NOT_FOUND, MR_IO at once; MR_BAD_ARGUMENT unless `minPartitions` is an integer of at least 1;
   * MR_CONTEXT_STOPPED
   * @throws MR_BAD_ARGUMENT in a task when there is no such format or option; otherwise as the format says
   *
   * ```ts
   * import assert from "node:assert";
   * import { mkdtempSync, rmSync } from "node:fs";
   * import { tmpdir } from "node:os";
   * import { ParquetInputFormat, ParquetOutputFormat } from "@millrace/formats";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "newAPIHadoopFile");
   * const folder = mkdtempSync(`${tmpdir()}/parquet-`);
   * await sc.parallelize([{ word: "a", n: 1 }]).saveAsNewAPIHadoopFile(`${folder}/out`, ParquetOutputFormat);
   * const words = sc.newAPIHadoopFile<{ word: string }>(`${folder}/out`, ParquetInputFormat, { columns: ["word"] });
   * assert.deepEqual(await words.collect(), [{ word: "a" }]);
   * rmSync(folder, { recursive: true });
   * await sc.stop();
   * ```
   */
  newAPIHadoopFile<T>(path: string, inputFormat: InputFormatRef, options: InputFormatOptions = {}): RDD<T> {
    return this.#formatted("newAPIHadoopFile", path, inputFormat, options);
  }

  /**
   * The same as `newAPIHadoopFile`: the two differ in which of Hadoop's interfaces a format implements, and there is
   * one here.
   *
   * @throws as `newAPIHadoopFile`
   *
   * ```ts
   * import assert from "node:assert";
   * import { mkdtempSync, rmSync } from "node:fs";
   * import { tmpdir } from "node:os";
   * import { AvroInputFormat, AvroOutputFormat } from "@millrace/formats";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "hadoopFile");
   * const folder = mkdtempSync(`${tmpdir()}/avro-`);
   * await sc.parallelize(["a", "b"]).saveAsHadoopFile(`${folder}/out`, AvroOutputFormat, { schema: "string" });
   * assert.deepEqual(await sc.hadoopFile<string>(`${folder}/out`, AvroInputFormat).collect(), ["a", "b"]);
   * rmSync(folder, { recursive: true });
   * await sc.stop();
   * ```
   */
  hadoopFile<T>(path: string, inputFormat: InputFormatRef, options: InputFormatOptions = {}): RDD<T> {
    return this.#formatted("hadoopFile", path, inputFormat, options);
  }

  #formatted<T>(
    operator: string,
    path: string,
    format: InputFormatRef,
    { minPartitions = this.defaultMinPartitions, ...options }: InputFormatOptions,
  ): RDD<T> {
    checkSlices(operator, minPartitions);
    const origin = this.origin(operator);
    return this.#read(origin, "input-format", () =>
      byteRanges(openable(this.platform, path), minPartitions, () => true).map(
        (range): FormatSplit => ({ ...range, format, options }),
      ),
    );
  }

  /** One partition per split. Files that are not there or cannot be opened are met here, not in a task. */
  #read<T>(origin: Origin, reader: string, splits: () => readonly unknown[]): RDD<T> {
    return this.create(source(origin, { name: reader }, onDriver(origin, splits)));
  }

  protected origin(operator: string): Origin {
    this.assertRunning();
    const site: CallSite = captureCallSite(operator);
    return { operator, site };
  }

  protected abstract create<T>(node: PlanNode): RDD<T>;
}

/** @throws MR_BAD_ARGUMENT unless it is an integer of at least 1 */
export function checkSlices(operator: string, count: number): void {
  if (!Number.isInteger(count) || count < 1) {
    throw millraceError("MR_BAD_ARGUMENT", `${operator} needs at least 1 partition, got ${count}`, {
      operator,
    });
  }
}
