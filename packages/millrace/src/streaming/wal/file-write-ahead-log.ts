import { millraceError } from "../../common/errors/index.ts";
import type { FileSystem, FileWriter } from "../../common/platform/platform.ts";
import { encodeFrame } from "../checkpoint/frames.ts";
import { type LogFile, listLogFiles, logFile } from "./log-files.ts";
import { FRAME_BYTES, readLogFile, readRecord } from "./read-log-file.ts";
import type { LoggedRecord, LogHandle, WriteAheadLog, WriteAheadLogSettings } from "./write-ahead-log.ts";

interface Waiting {
  readonly record: Uint8Array;
  readonly timeMs: number;
  readonly done: (handle: LogHandle) => void;
  readonly failed: (error: unknown) => void;
}

interface OpenFile extends LogFile {
  readonly writer: FileWriter;
  sizeBytes: number;
}

/**
 * A log in files that roll by time. Whatever waits while a write is under way is written together and synced
 * once (group commit), in the file of its latest time.
 */
export class FileWriteAheadLog implements WriteAheadLog {
  readonly #files: FileSystem;
  readonly #directory: string;
  readonly #settings: WriteAheadLogSettings;
  /** Files that may be cleaned: those found at first, and those filled since. */
  #past: LogFile[];
  #found: readonly LogFile[];
  #current: OpenFile | undefined;
  /** Lengths of files that a failed write may have left too long. */
  readonly #torn = new Map<string, number>();
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #isClosed = false;

  private constructor(
    files: FileSystem,
    directory: string,
    settings: WriteAheadLogSettings,
    found: readonly LogFile[],
  ) {
    this.#files = files;
    this.#directory = directory;
    this.#settings = settings;
    this.#found = found;
    this.#past = [...found];
  }

  /** Opens the log of a directory, in which nothing is made before the first write. */
  static async open(
    files: FileSystem,
    directory: string,
    settings: WriteAheadLogSettings,
  ): Promise<FileWriteAheadLog> {
    return new FileWriteAheadLog(files, directory, settings, await listLogFiles(files, directory));
  }

  write(record: Uint8Array, timeMs: number): Promise<LogHandle> {
    if (this.#isClosed) {
      throw millraceError("MR_WAL", `Cannot write to the write ahead log ${this.#directory}: it was closed`);
    }
    return new Promise((done, failed) => {
      this.#waiting.push({ record, timeMs, done, failed });
      this.#writing ??= this.#writeAll();
    });
  }

  read(handle: LogHandle): Promise<Uint8Array> {
    return readRecord(this.#files, handle);
  }

  async *readAll(): AsyncGenerator<LoggedRecord> {
    for (const { path } of this.#found) {
      // What is read may be remembered by the system only: it is relied upon from here on, so it has to last.
      const writer = await this.#files.append(path);
      await writer.sync();
      await writer.close();
      yield* readLogFile(this.#files, path);
    }
    if (this.#found.length > 0) await this.#files.syncDirectory(this.#directory);
  }

  async clean(thresholdMs: number): Promise<void> {
    const old = this.#past.filter(({ stopMs }) => stopMs < thresholdMs);
    if (old.length === 0) return;
    this.#past = this.#past.filter(file => !old.includes(file));
    this.#found = this.#found.filter(file => !old.includes(file));
    for (const { path } of old) await this.#files.remove(path);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#writing;
    await this.#closeCurrent();
  }

  async #writeAll(): Promise<void> {
    // Whoever writes in the same turn is written with us.
    await undefined;
    while (this.#waiting.length > 0) {
      const group = this.#waiting.sort((a, b) => a.timeMs - b.timeMs);
      this.#waiting = [];
      await this.#writeGroup(group);
    }
    this.#writing = undefined;
  }

  async #writeGroup(group: readonly Waiting[]): Promise<void> {
    for (let failures = 0; ; ) {
      try {
        const handles = await this.#attempt(group);
        for (const [i, { done }] of group.entries()) done(handles[i] as LogHandle);
        return;
      } catch (cause) {
        failures += 1;
        if (failures < this.#settings.maxFailures) continue;
        const error = millraceError(
          "MR_WAL",
          `Failed to write to the write ahead log ${this.#directory} after ${failures} failures`,
          { cause },
        );
        for (const { failed } of group) failed(error);
        return;
      }
    }
  }

  async #attempt(group: readonly Waiting[]): Promise<LogHandle[]> {
    const file = await this.#fileFor(group.at(-1)?.timeMs ?? 0);
    let sizeBytes = file.sizeBytes;
    const handles: LogHandle[] = [];
    try {
      for (const { record } of group) {
        await file.writer.write(encodeFrame(record));
        handles.push({ path: file.path, offset: sizeBytes, length: record.length });
        sizeBytes += FRAME_BYTES + record.length;
      }
      await file.writer.sync();
      file.sizeBytes = sizeBytes;
      if (this.#settings.closesFileAfterWrite) await this.#closeCurrent();
    } catch (error) {
      // The file may end in half a record now, or a sync that failed may have dropped one: it is cut when it
      // is opened again, and what follows is written anew.
      this.#current = undefined;
      this.#torn.set(file.path, file.sizeBytes);
      await file.writer.close().catch(() => {});
      throw error;
    }
    return handles;
  }

  async #fileFor(timeMs: number): Promise<OpenFile> {
    const { rollingIntervalMs } = this.#settings;
    if (this.#current !== undefined && timeMs > this.#current.stopMs) await this.#closeCurrent();
    this.#current ??= await this.#openFile(logFile(this.#directory, timeMs, rollingIntervalMs));
    return this.#current;
  }

  async #openFile(file: LogFile): Promise<OpenFile> {
    const sizeBytes = this.#torn.get(file.path) ?? (await this.#validBytes(file.path));
    const writer = await this.#files.append(file.path, sizeBytes);
    this.#torn.delete(file.path);
    if (sizeBytes === 0) await this.#files.syncDirectory(this.#directory);
    return { ...file, writer, sizeBytes };
  }

  /** A file of that name is written on where its whole records end. */
  async #validBytes(path: string): Promise<number> {
    let end = 0;
    for await (const { handle } of readLogFile(this.#files, path)) {
      end = handle.offset + FRAME_BYTES + handle.length;
    }
    return end;
  }

  async #closeCurrent(): Promise<void> {
    const file = this.#current;
    if (file === undefined) return;
    this.#current = undefined;
    if (!this.#past.some(({ path }) => path === file.path)) this.#past.push(file);
    await file.writer.close();
  }
}
