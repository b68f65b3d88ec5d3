import { millraceError } from "../common/errors/index.ts";
import type { FileStatus } from "../common/platform/platform.ts";
import { checkRecordLength, type RDD, recordSplitsOf, textSplitsOf } from "../rdd/index.ts";
import type { DStream } from "./dstream/dstream.ts";
import { fileInput } from "./input/file-input.ts";
import type { StreamingContext } from "./streaming-context.ts";
import { StreamingInputs } from "./streaming-inputs.ts";

/** Which files a file stream takes. */
export interface FileStreamOptions {
  /**
   * Files it answers `false` for are not read; default: all. Those whose names begin with `.` or `_` never are.
   */
  readonly filter?: (path: string) => boolean;
  /** Whether files that are there when the stream is made are left out; default `true`. */
  readonly newFilesOnly?: boolean;
}

/** How a file stream reads a file. */
export interface FileStreamReader<T> {
  /** Makes the RDD of one file, on the driver, while its batch is made. */
  readonly read: (path: string) => RDD<T>;
}

/** The inputs that read files. */
export abstract class FileInputs extends StreamingInputs {
  /**
   * Lines of the files that appear in a directory after now, or in all directories that match a glob. A file is
   * read once, in the first batch after it was last modified, and should be whole by then: write it elsewhere, or
   * under a name that begins with a dot, and rename it.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
   * import { tmpdir } from "node:os";
   * import { join } from "node:path";
   * const folder = mkdtempSync(join(tmpdir(), "logs-"));
   * const ssc = new StreamingContext("local", "example", "50ms");
   * ssc.textFileStream(folder).foreachRDD(async rdd => {
   *   if ((await rdd.count()) > 0) void ssc.stop();
   * });
   * await ssc.start();
   * writeFileSync(join(folder, "today.log"), "first\nsecond\n");
   * await ssc.awaitTermination();
   * rmSync(folder, { recursive: true });
   * ```
   *
   * @throws MR_PATH_NOT_FOUND when there is no such directory; a glob may match directories that come later
   */
  textFileStream(this: StreamingContext, directory: string): DStream<string> {
    return this.filesOf("textFileStream", directory, {}, file => this.#linesOf(file));
  }

  /**
   * What is in the files that appear in a directory, or in all directories that match a glob: their lines, or what
   * `read` makes of each of them. A batch takes the files that were modified since the one before, or at most
   * `spark.streaming.fileStream.minRememberDuration` (60 s) ago and not seen yet, in the order of their names. Files
   * that are left out are told to listeners, with the reason, as the input's metadata `skipped`.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
   * import { tmpdir } from "node:os";
   * import { join } from "node:path";
   * const folder = mkdtempSync(join(tmpdir(), "orders-"));
   * writeFileSync(join(folder, "1.json"), '{"id": 1}');
   * writeFileSync(join(folder, "readme.txt"), "not an order");
   * const ssc = new StreamingContext("local", "example", "50ms");
   * const orders = ssc.fileStream(folder, {
   *   filter: path => path.endsWith(".json"),
   *   newFilesOnly: false,
   *   read: path => ssc.sc.parallelize([JSON.parse(readFileSync(path, "utf8")) as { id: number }], 1),
   * });
   * const ids: number[] = [];
   * orders.map(order => order.id).foreachRDD(async rdd => {
   *   ids.push(...(await rdd.collect()));
   *   if (ids.length > 0) void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * rmSync(folder, { recursive: true });
   * assert.deepEqual(ids, [1]);
   * ```
   *
   * @throws MR_PATH_NOT_FOUND when there is no such directory; a glob may match directories that come later
   * @throws MR_BAD_ARGUMENT when an option is of the wrong kind
   */
  fileStream<T>(
    this: StreamingContext,
    directory: string,
    options: FileStreamOptions & FileStreamReader<T>,
  ): DStream<T>;
  fileStream(this: StreamingContext, directory: string, options?: FileStreamOptions): DStream<string>;
  fileStream<T>(
    this: StreamingContext,
    directory: string,
    options: FileStreamOptions & Partial<FileStreamReader<T>> = {},
  ): DStream<T> | DStream<string> {
    const { read } = options;
    for (const name of ["filter", "read"] as const) {
      if (options[name] === undefined || typeof options[name] === "function") continue;
      throw millraceError("MR_BAD_ARGUMENT", `fileStream's ${name} must be a function`, {
        operator: "fileStream",
      });
    }
    return read === undefined
      ? this.filesOf("fileStream", directory, options, file => this.#linesOf(file))
      : this.filesOf("fileStream", directory, options, ({ path }) => read(path));
  }

  /**
   * The records of the binary files that appear in a directory, or in all directories that match a glob, as
   * `textFileStream`; all records have the same length, and each is a `Uint8Array`.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
   * import { tmpdir } from "node:os";
   * import { join } from "node:path";
   * const folder = mkdtempSync(join(tmpdir(), "samples-"));
   * const ssc = new StreamingContext("local", "example", "50ms");
   * const seen: number[] = [];
   * ssc.binaryRecordsStream(folder, 2).map(([low = 0, high = 0]) => low + 256 * high).foreachRDD(async rdd => {
   *   seen.push(...(await rdd.collect()));
   *   if (seen.length > 0) void ssc.stop();
   * });
   * await ssc.start();
   * writeFileSync(join(folder, "a.bin"), Uint8Array.of(1, 0, 0, 1));
   * await ssc.awaitTermination();
   * rmSync(folder, { recursive: true });
   * assert.deepEqual(seen, [1, 256]);
   * ```
   *
   * @param recordLength bytes of a record, at least 1; a file of another size fails its batch with MR_RECORD_LENGTH
   * @throws MR_BAD_ARGUMENT, MR_PATH_NOT_FOUND
   */
  binaryRecordsStream(this: StreamingContext, directory: string, recordLength: number): DStream<Uint8Array> {
    checkRecordLength("binaryRecordsStream", recordLength);
    return this.filesOf("binaryRecordsStream", directory, {}, file =>
      this.sparkContext.fromReader({ name: "fixed-records" }, recordSplitsOf(file, recordLength)),
    );
  }

  #linesOf(file: FileStatus): RDD<string> {
    return this.sparkContext.fromReader({ name: "text-file" }, textSplitsOf(file));
  }

  /** A stream of what `read` makes of new files. */
  protected filesOf<T>(
    this: StreamingContext,
    operator: string,
    directory: string,
    { filter = () => true, newFilesOnly = true }: FileStreamOptions,
    read: (file: FileStatus) => RDD<T>,
  ): DStream<T> {
    return this.inputStream(operator, (_, report) =>
      fileInput({
        operator,
        context: this.sparkContext,
        files: this.platform.files,
        report,
        log: this.log,
        directory,
        filter,
        newFilesOnly,
        read,
        nowMs: this.clock.now(),
        stopwatch: this.platform.clock,
        batchMs: this.graph.batchMs,
        minRememberMs: this.settings.fileRememberMs,
      }),
    );
  }
}
