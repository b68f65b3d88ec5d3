import { fileError } from "../io-error.ts";
import type { Clock, FileReader, FileStatus, FileSystem, FileWriter, ScratchFile } from "../platform.ts";
import type { DiskModel, DiskNode, FileNode, SimulatedDisk } from "./disk.ts";

/** Files given to a simulation: contents by path, texts in UTF-8. */
export type InitialFiles = Readonly<Record<string, string | Uint8Array>>;

/** One call of a file system, before it takes effect. */
export interface FileCall {
  readonly operation:
    | "stat"
    | "list"
    | "open"
    | "read"
    | "create"
    | "append"
    | "write"
    | "sync"
    | "close"
    | "mkdirs"
    | "rename"
    | "syncDirectory"
    | "remove";
  readonly path: string;
}

/**
 * What goes wrong with a call: the system refuses it, or the process dies in it, before or after it took
 * effect.
 */
export type FileFault =
  | { readonly kind: "error"; readonly errno: "EIO" | "ENOSPC" | "EMFILE" }
  | { readonly kind: "crash"; readonly hasTakenEffect: boolean; readonly model: DiskModel };

/** The process a file system works for. */
export interface FilesProcess {
  readonly clock: Clock;
  readonly isCrashed: boolean;
  yieldTurn(): Promise<void>;
  crash(model: DiskModel): void;
}

/**
 * Files on a simulated disk, with modification times by the simulated clock. Relative paths start at `/`.
 * Every asynchronous operation takes effect at once and reports in a later turn.
 */
export class SimulatedFiles implements FileSystem {
  /** Asked before every call of the program what goes wrong with it; nothing by default. */
  onCall: ((call: FileCall) => FileFault | undefined) | undefined;
  readonly #disk: SimulatedDisk;
  readonly #process: FilesProcess;

  constructor(disk: SimulatedDisk, process: FilesProcess) {
    this.#disk = disk;
    this.#process = process;
  }

  /** Puts a whole file there at once, durably, making parent directories; `modifiedMs` defaults to now. */
  put(path: string, content: string | Uint8Array, modifiedMs = this.#now): void {
    this.#disk.put(
      path,
      typeof content === "string" ? new TextEncoder().encode(content) : content,
      modifiedMs,
    );
  }

  /** The content of a file as a UTF-8 text; `undefined` when there is none. */
  text(path: string): string | undefined {
    const node = this.#disk.find(path);
    return node?.kind === "file" ? new TextDecoder().decode(node.bytes.view()) : undefined;
  }

  /** Sets the modification time of a file or directory that is there. Throws MR_PATH_NOT_FOUND. */
  touch(path: string, modifiedMs = this.#now): void {
    this.#disk.existing("touch", path).modifiedMs = modifiedMs;
  }

  statSync(path: string): FileStatus | undefined {
    return this.#atOnce("stat", path, () => this.#statusOf(path));
  }

  listSync(directory: string): FileStatus[] {
    return this.#atOnce("list", directory, () => this.#entries(directory));
  }

  stat(path: string): Promise<FileStatus | undefined> {
    return this.#later("stat", path, () => this.#statusOf(path));
  }

  list(directory: string): Promise<FileStatus[]> {
    return this.#later("list", directory, () => this.#entries(directory));
  }

  open(path: string): FileReader {
    return this.#atOnce("open", path, () => {
      const node = this.#disk.existing("open", path);
      if (node.kind === "directory") throw fileError("open", path, "it is a directory");
      return this.#reader(path, node);
    });
  }

  scratch(path: string): ScratchFile {
    return this.#atOnce("create", path, () => {
      const file = this.#disk.openFile("create", path, this.#now);
      const reader = this.#reader(path, file);
      return {
        get sizeBytes() {
          return file.bytes.length;
        },
        append: bytes => this.#atOnce("append", path, () => this.#disk.write(file, bytes, this.#now)),
        read: (target, position) => void reader.read(target, position),
        close: () => reader.close(),
      };
    });
  }

  removeSync(path: string): void {
    this.#atOnce("remove", path, () => this.#disk.remove(path, this.#now));
  }

  create(path: string): Promise<FileWriter> {
    return this.#later("create", path, () => {
      const file = this.#disk.openFile("create", path, this.#now);
      this.#disk.cut(path, file, 0);
      file.modifiedMs = this.#now;
      return this.#writer(path, file);
    });
  }

  append(path: string, lengthBytes?: number): Promise<FileWriter> {
    return this.#later("append", path, () => {
      const file = this.#disk.openFile("append to", path, this.#now);
      if (lengthBytes !== undefined) this.#disk.cut(path, file, lengthBytes);
      return this.#writer(path, file);
    });
  }

  mkdirs(path: string): Promise<void> {
    return this.#later("mkdirs", path, () => {
      this.#disk.makeDirectories(path, this.#now);
    });
  }

  rename(from: string, to: string): Promise<void> {
    return this.#later("rename", from, () => this.#disk.move(from, to, this.#now));
  }

  syncDirectory(path: string): Promise<void> {
    return this.#later("syncDirectory", path, () => this.#disk.syncDirectory(path));
  }

  remove(path: string): Promise<void> {
    return this.#later("remove", path, () => this.#disk.remove(path, this.#now));
  }

  get #now(): number {
    return this.#process.clock.now();
  }

  #statusOf(path: string): FileStatus | undefined {
    const node = this.#disk.find(path);
    return node === undefined ? undefined : statusOf(path, node);
  }

  #entries(directory: string): FileStatus[] {
    const { entries } = this.#disk.existingDirectory("list", directory);
    const prefix = directory.endsWith("/") ? directory : `${directory}/`;
    return [...entries]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, node]) => statusOf(prefix + name, node));
  }

  #reader(path: string, file: FileNode): FileReader {
    let isClosed = false;
    return {
      sizeBytes: file.bytes.length,
      read: (target, position) =>
        this.#atOnce("read", path, () => {
          if (isClosed) throw fileError("read", path, "it was closed");
          const part = file.bytes.view().subarray(position, position + target.length);
          target.set(part);
          return part.length;
        }),
      close: () => {
        isClosed = true;
      },
    };
  }

  #writer(path: string, file: FileNode): FileWriter {
    let isClosed = false;
    return {
      write: data => {
        const write = (bytes: Uint8Array): void => {
          if (isClosed) throw fileError("write", path, "it was closed");
          this.#disk.write(file, bytes, this.#now);
        };
        // A write that fails may have written a part.
        const half = data.subarray(0, data.length >> 1);
        return this.#later(
          "write",
          path,
          () => write(data),
          () => write(half),
        );
      },
      sync: () =>
        this.#later(
          "sync",
          path,
          () => this.#disk.sync(file),
          () => this.#disk.failSync(file),
        ),
      close: () =>
        this.#later("close", path, () => {
          isClosed = true;
        }),
    };
  }

  async #later<T>(
    operation: FileCall["operation"],
    path: string,
    effect: () => T,
    onError?: () => void,
  ): Promise<T> {
    if (this.#process.isCrashed) return forever();
    try {
      const result = this.#attempt(operation, path, effect, onError);
      return this.#process.isCrashed ? forever() : (result as T);
    } finally {
      await this.#process.yieldTurn();
    }
  }

  /** A dead process gets no answer; without waiting it can only be told so. */
  #atOnce<T>(operation: FileCall["operation"], path: string, effect: () => T): T {
    if (!this.#process.isCrashed) {
      const result = this.#attempt(operation, path, effect);
      if (!this.#process.isCrashed) return result as T;
    }
    throw fileError(operation, path, "the simulated process has crashed");
  }

  /** `undefined` when the process died in it before it took effect. */
  #attempt<T>(
    operation: FileCall["operation"],
    path: string,
    effect: () => T,
    onError?: () => void,
  ): T | undefined {
    const fault = this.onCall?.({ operation, path });
    if (fault?.kind === "error") {
      onError?.();
      throw fileError(operation, path, systemError(fault.errno));
    }
    const result = fault === undefined || fault.hasTakenEffect ? effect() : undefined;
    if (fault !== undefined) this.#process.crash(fault.model);
    return result;
  }
}

function statusOf(path: string, node: DiskNode): FileStatus {
  const isDirectory = node.kind === "directory";
  return { path, isDirectory, sizeBytes: isDirectory ? 0 : node.bytes.length, modifiedMs: node.modifiedMs };
}

function forever(): Promise<never> {
  return new Promise(() => {});
}

const texts = { EIO: "i/o error", ENOSPC: "no space left on device", EMFILE: "too many open files" };

function systemError(errno: keyof typeof texts): Error {
  return Object.assign(new Error(`${errno}: ${texts[errno]}`), { code: errno });
}
