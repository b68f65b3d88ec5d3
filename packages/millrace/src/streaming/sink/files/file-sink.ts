import { millraceError } from "../../../common/errors/index.ts";
import { localPath } from "../../../common/files/local-path.ts";
import type { FileSystem } from "../../../common/platform/platform.ts";
import { type DurationLike, toDuration } from "../../../common/time/index.ts";
import type { RDD } from "../../../rdd/index.ts";
import { type EncodedLines, encodeLines, type LineFormat } from "../../../task/builtins/index.ts";
import { OneAtATime } from "../one-at-a-time.ts";
import type { Sink, SinkBatch, SinkRun } from "../sink.ts";
import { WrittenBatches, type WrittenBatchesData } from "../written-batches.ts";
import { type FileSinkNames, fileSinkNames } from "./file-names.ts";
import { GrowingFile } from "./growing-file.ts";
import { Manifest } from "./manifest.ts";

/** How a file sink writes. */
export interface FileSinkOptions<T> {
  /**
   * What becomes of a record: `"json"` (default) or `"text"`, which is what `print` shows, or a function that
   * makes a line of it, without the newline.
   */
  readonly format?: LineFormat | ((record: T) => string);
  /** A file that has as many bytes is complete; default 128 MB. */
  readonly rollBytes?: number;
  /** A file whose first batch is so old, by batch time, is complete; default one minute. */
  readonly rollInterval?: DurationLike;
  /** Of complete files; default `jsonl` for `"json"`, else `txt`. */
  readonly extension?: string;
}

/**
 * Writes a stream to a directory, each batch exactly once, also across crashes. Batches share files: one is
 * complete when it is large or old enough, or when the context stops, and only then gets its name, such as
 * `part-00000001.jsonl`. Batches without records write nothing. `_manifest` lists the complete files with
 * their sizes, checksums and batches. A directory belongs to one stream of one application.
 *
 * ```ts
 * import { fileSink, StreamingContext } from "millrace";
 * import assert from "node:assert";
 * import { mkdtempSync, readFileSync, rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * const folder = mkdtempSync(join(tmpdir(), "words-"));
 * const ssc = new StreamingContext("local", "example", "20ms");
 * const words = ssc.queueStream([["to", "be"], ["or"]]).map(word => ({ word }));
 * words.writeTo(fileSink(join(folder, "out")));
 * words.foreachRDD(async rdd => {
 *   if (await rdd.isEmpty()) void ssc.stop();
 * });
 * await ssc.start();
 * await ssc.awaitTermination();
 * const text = readFileSync(join(folder, "out/part-00000001.jsonl"), "utf8");
 * assert.equal(text, '{"word":"to"}\n{"word":"be"}\n{"word":"or"}\n');
 * rmSync(folder, { recursive: true });
 * ```
 *
 * @throws MR_BAD_ARGUMENT when an option is no such number
 */
export function fileSink<T>(directory: string, options: FileSinkOptions<T> = {}): Sink<T> {
  return new FileSink(directory, options);
}

/** What a batch wrote so far. */
interface Staged {
  readonly chunks: readonly Uint8Array[];
  readonly records: number;
}

class FileSink<T> implements Sink<T> {
  readonly name: string;
  readonly #names: FileSinkNames;
  readonly #format: LineFormat | ((record: T) => string);
  readonly #rollBytes: number;
  readonly #rollMs: number;
  /** Books and files change one batch at a time, though jobs of several batches may run at once. */
  readonly #turns = new OneAtATime();
  readonly #staged = new Map<number, Staged>();
  /** Absent unless open. */
  #files: FileSystem | undefined;
  /** Absent until opened, and after a failure: then what is on disk decides. */
  #current: GrowingFile | undefined;
  #manifest: Manifest | undefined;

  constructor(directory: string, options: FileSinkOptions<T>) {
    const { format = "json", rollBytes = 128 * 1024 * 1024, rollInterval = 60_000 } = options;
    if (!(rollBytes > 0)) {
      throw millraceError("MR_BAD_ARGUMENT", `rollBytes must be a positive number, not ${rollBytes}`);
    }
    this.name = `files ${directory}`;
    const path = localPath(directory).replace(/(?<=.)\/+$/, "");
    this.#names = fileSinkNames(path, options.extension ?? (format === "json" ? "jsonl" : "txt"));
    this.#format = format;
    this.#rollBytes = rollBytes;
    this.#rollMs = toDuration(rollInterval).milliseconds;
  }

  async open({ platform }: SinkRun): Promise<void> {
    this.#files = platform.files;
    await this.#turns.run(() => this.#growing());
  }

  isCommitted({ timeMs }: SinkBatch): Promise<boolean> {
    return this.#turns.run(async () => {
      const { state } = await this.#growing();
      return new WrittenBatches(state.written).has(timeMs);
    });
  }

  async begin({ timeMs }: SinkBatch): Promise<void> {
    this.#staged.delete(timeMs);
  }

  async write(rdd: RDD<T>, { timeMs }: SinkBatch): Promise<void> {
    const format = this.#format;
    const { plan, context } = typeof format === "function" ? rdd.map(format) : rdd;
    const partitions = (await context.runJob(
      plan,
      Array.from({ length: plan.numPartitions }, (_, i) => i),
      { kind: "partition", fn: encodeLines, argument: typeof format === "function" ? "text" : format },
      { operator: "writeTo", site: plan.site },
    )) as EncodedLines[];
    this.#staged.set(timeMs, {
      chunks: partitions.map(({ bytes }) => bytes),
      records: partitions.reduce((sum, { count }) => sum + count, 0),
    });
  }

  prepare({ timeMs }: SinkBatch): Promise<void> {
    const staged = this.#staged.get(timeMs);
    this.#staged.delete(timeMs);
    return this.#turns.run(() =>
      this.#undoneByFailure(async () => {
        const file = await this.#growing();
        if (staged !== undefined && staged.records > 0) {
          await file.append(timeMs, staged.chunks, staged.records);
        }
        const { sizeBytes, firstMs } = file.state;
        const isOld = firstMs !== null && timeMs - firstMs >= this.#rollMs;
        if (sizeBytes >= this.#rollBytes || isOld) await this.#complete(file);
      }),
    );
  }

  async commit({ timeMs }: SinkBatch): Promise<void> {
    this.#current?.done(timeMs);
  }

  async abort({ timeMs }: SinkBatch): Promise<void> {
    this.#staged.delete(timeMs);
  }

  close(): Promise<void> {
    return this.#turns.run(async () => {
      const file = this.#current;
      if (file !== undefined && file.state.sizeBytes > 0) await this.#complete(file);
      this.#current = undefined;
      this.#files = undefined;
    });
  }

  async #undoneByFailure(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const file = this.#current;
      this.#current = undefined;
      await file?.close().catch(() => {});
      throw error;
    }
  }

  /** The file to write to, as the disk has it when it is not open. */
  async #growing(): Promise<GrowingFile> {
    this.#current ??= await this.#reopen();
    return this.#current;
  }

  async #reopen(): Promise<GrowingFile> {
    const files = this.#opened();
    await files.mkdirs(this.#names.directory);
    this.#manifest = await Manifest.read(files, this.#names);
    const { last } = this.#manifest;
    if (last !== undefined) await this.#finish(last.number);
    const number = (last?.number ?? 0) + 1;
    const reopened = await GrowingFile.reopen(files, this.#names, number);
    if (reopened !== undefined) return reopened;
    await files.remove(this.#names.growing(number));
    return this.#begin(number, last?.written ?? new WrittenBatches().toData());
  }

  /** Gives the file its name and begins the next one. */
  async #complete(file: GrowingFile): Promise<void> {
    const { number, state } = file;
    await this.#manifest?.add(number, state);
    await file.close();
    await this.#finish(number);
    this.#current = this.#begin(number + 1, state.written);
  }

  /** Whatever is left to do of completing a file that the manifest lists. */
  async #finish(number: number): Promise<void> {
    const files = this.#opened();
    const growing = this.#names.growing(number);
    if ((await files.stat(growing)) !== undefined) await files.rename(growing, this.#names.part(number));
    await files.syncDirectory(this.#names.directory);
    await files.remove(this.#names.journal(number));
  }

  #begin(number: number, written: WrittenBatchesData): GrowingFile {
    return GrowingFile.begin(this.#opened(), this.#names, number, written);
  }

  #opened(): FileSystem {
    if (this.#files !== undefined) return this.#files;
    throw millraceError("MR_INTERNAL", `${this.name} is used while it is not open`);
  }
}
