import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from "node:fs";
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { errnoOf, fileError, tooShort } from "../io-error.ts";
import type { FileReader, FileStatus, FileSystem, FileWriter, ScratchFile } from "../platform.ts";

function statusOf(path: string, stats: Stats): FileStatus {
  // Whole milliseconds: modification times are compared with batch times.
  return {
    path,
    isDirectory: stats.isDirectory(),
    sizeBytes: stats.size,
    modifiedMs: Math.floor(stats.mtimeMs),
  };
}

function absentOr(action: string, path: string, error: unknown): undefined {
  const errno = errnoOf(error);
  if (errno === "ENOENT" || errno === "ENOTDIR") return undefined;
  throw fileError(action, path, error);
}

async function statOf(path: string): Promise<FileStatus | undefined> {
  try {
    return statusOf(path, await stat(path));
  } catch (error) {
    return absentOr("look at", path, error);
  }
}

function statOfSync(path: string): FileStatus | undefined {
  try {
    return statusOf(path, statSync(path));
  } catch (error) {
    return absentOr("look at", path, error);
  }
}

function childPath(directory: string, name: string): string {
  return directory.endsWith("/") ? directory + name : `${directory}/${name}`;
}

async function list(directory: string): Promise<FileStatus[]> {
  const names = await attempt("list", directory, () => readdir(directory));
  const statuses = await Promise.all(names.sort().map(name => statOf(childPath(directory, name))));
  return statuses.filter(isThere);
}

function listSync(directory: string): FileStatus[] {
  const names = attemptSync("list", directory, () => readdirSync(directory));
  return names
    .sort()
    .map(name => statOfSync(childPath(directory, name)))
    .filter(isThere);
}

// An entry may vanish between reading the directory and looking at it.
function isThere(status: FileStatus | undefined): status is FileStatus {
  return status !== undefined;
}

class SystemFileReader implements FileReader {
  readonly sizeBytes: number;
  readonly #path: string;
  #descriptor: number | undefined;

  constructor(path: string) {
    this.#path = path;
    const descriptor = attemptSync("open", path, () => openSync(path, "r"));
    this.#descriptor = descriptor;
    const stats = fstatSync(descriptor);
    this.sizeBytes = stats.size;
    if (stats.isDirectory()) {
      this.close();
      throw fileError("open", path, "it is a directory");
    }
  }

  read(target: Uint8Array, position: number): number {
    const descriptor = this.#descriptor;
    if (descriptor === undefined) throw fileError("read", this.#path, "it was closed");
    return attemptSync("read", this.#path, () => readSync(descriptor, target, 0, target.length, position));
  }

  close(): void {
    if (this.#descriptor === undefined) return;
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    closeSync(descriptor);
  }
}

class SystemScratchFile implements ScratchFile {
  sizeBytes: number;
  readonly #path: string;
  readonly #descriptor: number;
  #isClosed = false;

  constructor(path: string) {
    this.#path = path;
    this.#descriptor = attemptSync("create", path, () => {
      try {
        return openSync(path, "a+");
      } catch (error) {
        if (errnoOf(error) !== "ENOENT") throw error;
        mkdirSync(dirname(path), { recursive: true });
        return openSync(path, "a+");
      }
    });
    this.sizeBytes = fstatSync(this.#descriptor).size;
  }

  append(bytes: Uint8Array): void {
    attemptSync("write", this.#path, () => {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#descriptor, bytes, at);
    });
    this.sizeBytes += bytes.length;
  }

  read(target: Uint8Array, position: number): void {
    attemptSync("read", this.#path, () => {
      for (let at = 0; at < target.length; ) {
        const read = readSync(this.#descriptor, target, at, target.length - at, position + at);
        if (read === 0) throw new RangeError("it ends before what was written there");
        at += read;
      }
    });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    closeSync(this.#descriptor);
  }
}

class SystemFileWriter implements FileWriter {
  readonly #path: string;
  readonly #handle: FileHandle;
  #closed = false;

  constructor(path: string, handle: FileHandle) {
    this.#path = path;
    this.#handle = handle;
  }

  write(bytes: Uint8Array): Promise<void> {
    // A single write may be short when the device is slow or full: writeFile goes on until all is written.
    return attempt("write", this.#path, () => this.#handle.writeFile(bytes));
  }

  sync(): Promise<void> {
    return attempt("sync", this.#path, () => this.#handle.sync());
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await attempt("close", this.#path, () => this.#handle.close());
  }
}

async function create(path: string): Promise<FileWriter> {
  return attempt("create", path, async () => new SystemFileWriter(path, await openMakingParents(path, "w")));
}

async function append(path: string, lengthBytes?: number): Promise<FileWriter> {
  return attempt("append to", path, async () => {
    const handle = await openMakingParents(path, "a");
    try {
      if (lengthBytes !== undefined) await cut(handle, lengthBytes);
    } catch (error) {
      await handle.close();
      throw error;
    }
    return new SystemFileWriter(path, handle);
  });
}

async function cut(handle: FileHandle, lengthBytes: number): Promise<void> {
  const { size } = await handle.stat();
  if (size < lengthBytes) throw tooShort(size, lengthBytes);
  if (size > lengthBytes) await handle.truncate(lengthBytes);
}

async function openMakingParents(path: string, flags: "w" | "a"): Promise<FileHandle> {
  try {
    return await open(path, flags);
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw error;
    await makeDirectories(dirname(path));
    return open(path, flags);
  }
}

/** Every directory that was made is made known durably to the one it lies in. */
async function makeDirectories(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  const outermost = dirname(resolve(first));
  for (let made = resolve(path); made !== outermost; made = dirname(made)) {
    await syncEntries(dirname(made));
  }
}

async function syncEntries(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } catch (error) {
    // Some file systems cannot sync a directory and do not need it.
    const errno = errnoOf(error);
    if (errno !== "EINVAL" && errno !== "EISDIR" && errno !== "EPERM") throw error;
  } finally {
    await handle.close();
  }
}

async function attempt<T>(action: string, path: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw fileError(action, path, error);
  }
}

function attemptSync<T>(action: string, path: string, operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    throw fileError(action, path, error);
  }
}

/** The machine's files. */
export const systemFiles: FileSystem = {
  stat: statOf,
  statSync: statOfSync,
  list,
  listSync,
  open: path => new SystemFileReader(path),
  scratch: path => new SystemScratchFile(path),
  removeSync: path => attemptSync("remove", path, () => rmSync(path, { force: true })),
  create,
  append,
  mkdirs: path => attempt("make directory", path, () => makeDirectories(path)),
  rename: (from, to) => attempt(`rename to ${to}`, from, () => rename(from, to)),
  syncDirectory: path => attempt("sync", path, () => syncEntries(path)),
  remove: path => attempt("remove", path, () => rm(path, { recursive: true, force: true })),
};
