import { crc32 } from "node:zlib";
import { millraceError } from "../../../common/errors/index.ts";
import { readFile } from "../../../common/files/read-file.ts";
import { writeFileAtomically } from "../../../common/files/write-file.ts";
import type { FileSystem, FileWriter } from "../../../common/platform/platform.ts";
import { WrittenBatches, type WrittenBatchesData } from "../written-batches.ts";
import { encodeLine, readLines } from "./checked-lines.ts";
import type { FileSinkNames } from "./file-names.ts";

/** How far a file was written when a batch was: one line of its journal. */
export interface FileState {
  readonly sizeBytes: number;
  readonly records: number;
  /** Of the content up to here. */
  readonly crc32: number;
  /** The time of the first batch in it, in milliseconds. */
  readonly firstMs: number | null;
  readonly lastMs: number | null;
  readonly written: WrittenBatchesData;
}

/** The two files behind a file that grows. */
interface Writers {
  readonly content: FileWriter;
  readonly journal: FileWriter;
}

/**
 * The file batches are written to at present. A batch counts as soon as its line in the journal lasts, and that
 * comes after its records last; what lies behind the last line is cut off when the file is opened again.
 */
export class GrowingFile {
  readonly number: number;
  readonly #files: FileSystem;
  readonly #names: FileSinkNames;
  #state: FileState;
  /** Absent as long as nothing is in the file. */
  #writers: Writers | undefined;

  private constructor(files: FileSystem, names: FileSinkNames, number: number, state: FileState) {
    this.#files = files;
    this.#names = names;
    this.number = number;
    this.#state = state;
  }

  /** A new file, which is made when the first batch is written. */
  static begin(
    files: FileSystem,
    names: FileSinkNames,
    number: number,
    written: WrittenBatchesData,
  ): GrowingFile {
    return new GrowingFile(files, names, number, {
      sizeBytes: 0,
      records: 0,
      crc32: 0,
      firstMs: null,
      lastMs: null,
      written,
    });
  }

  /**
   * Goes on with the file of that number; `undefined` when no batch is in it.
   * @throws MR_SINK_DAMAGED when its content is not what its journal says
   */
  static async reopen(
    files: FileSystem,
    names: FileSinkNames,
    number: number,
  ): Promise<GrowingFile | undefined> {
    const journal = names.journal(number);
    if ((await files.stat(journal)) === undefined) return undefined;
    const state = readLines(await readFile(files, journal)).values.at(-1) as FileState | undefined;
    if (state === undefined || state.sizeBytes === 0) return undefined;
    await checkContent(files, names.growing(number), state);
    const file = new GrowingFile(files, names, number, state);
    // What is read may be remembered by the system only: from here on it is relied upon, so it has to last.
    file.#writers = await file.#openWriters();
    return file;
  }

  get state(): FileState {
    return this.#state;
  }

  /** Adds the records of a batch; when this resolves they are part of the file for good. */
  async append(timeMs: number, chunks: readonly Uint8Array[], records: number): Promise<void> {
    this.#writers ??= await this.#openWriters();
    const { content, journal } = this.#writers;
    let { sizeBytes, crc32: crc } = this.#state;
    for (const chunk of chunks) {
      if (chunk.length === 0) continue;
      await content.write(chunk);
      sizeBytes += chunk.length;
      crc = crc32(chunk, crc);
    }
    await content.sync();
    const state: FileState = {
      sizeBytes,
      records: this.#state.records + records,
      crc32: crc,
      firstMs: this.#state.firstMs ?? timeMs,
      lastMs: timeMs,
      written: new WrittenBatches(this.#state.written).with(timeMs).toData(),
    };
    await journal.write(encodeLine(state));
    await journal.sync();
    this.#state = state;
  }

  /** The batch at `timeMs` will not be run again; lasts with the next batch that is written. */
  done(timeMs: number): void {
    const written = new WrittenBatches(this.#state.written);
    written.done(timeMs);
    this.#state = { ...this.#state, written: written.toData() };
  }

  async close(): Promise<void> {
    await this.#writers?.content.close();
    await this.#writers?.journal.close();
  }

  async #openWriters(): Promise<Writers> {
    const { number } = this;
    const content = await this.#files.append(this.#names.growing(number), this.#state.sizeBytes);
    try {
      await content.sync();
      const path = this.#names.journal(number);
      await writeFileAtomically(this.#files, this.#names.directory, baseName(path), encodeLine(this.#state));
      return { content, journal: await this.#files.append(path) };
    } catch (error) {
      await content.close();
      throw error;
    }
  }
}

async function checkContent(files: FileSystem, path: string, state: FileState): Promise<void> {
  const content = (await files.stat(path)) === undefined ? new Uint8Array(0) : await readFile(files, path);
  const counted = content.subarray(0, state.sizeBytes);
  if (counted.length === state.sizeBytes && crc32(counted) === state.crc32) return;
  throw millraceError(
    "MR_SINK_DAMAGED",
    counted.length < state.sizeBytes
      ? `${path} has ${content.length} bytes, its journal says that ${state.sizeBytes} were written`
      : `The first ${state.sizeBytes} bytes of ${path} are not what was written`,
  );
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
