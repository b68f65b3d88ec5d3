import { posix } from "node:path";
import { fileError } from "../io-error.ts";
import type { Clock, FileReader, FileStatus, FileSystem, FileWriter } from "../platform.ts";
import { ByteStore } from "./byte-store.ts";

interface FileNode {
  /** Absent for a directory. */
  readonly bytes?: ByteStore;
  modifiedMs: number;
}

/** Files given to a simulation: contents by path, texts in UTF-8. */
export type InitialFiles = Readonly<Record<string, string | Uint8Array>>;

/**
 * Files in memory, with modification times by the simulated clock. Relative paths start at `/`. Every
 * asynchronous operation takes effect at once and reports in a later turn.
 */
export class SimulatedFiles implements FileSystem {
  /** By normal absolute path. */
  readonly #nodes = new Map<string, FileNode>();
  readonly #clock: Clock;
  readonly #yieldTurn: () => Promise<void>;

  constructor(clock: Clock, yieldTurn: () => Promise<void>, initial: InitialFiles) {
    this.#clock = clock;
    this.#yieldTurn = yieldTurn;
    this.#nodes.set("/", { modifiedMs: clock.now() });
    for (const [path, content] of Object.entries(initial)) this.put(path, content);
  }

  /** Puts a whole file there at once, making parent directories; `modifiedMs` defaults to now. */
  put(path: string, content: string | Uint8Array, modifiedMs = this.#clock.now()): void {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    this.#makeParents(path);
    this.#set(path, { bytes: new ByteStore(bytes), modifiedMs });
  }

  /** The content of a file as a UTF-8 text; `undefined` when there is none. */
  text(path: string): string | undefined {
    const bytes = this.#nodes.get(absolute(path))?.bytes;
    return bytes === undefined ? undefined : new TextDecoder().decode(bytes.view());
  }

  /** Sets the modification time of a file or directory that is there. Throws MR_PATH_NOT_FOUND. */
  touch(path: string, modifiedMs = this.#clock.now()): void {
    this.#existing("touch", path).modifiedMs = modifiedMs;
  }

  statSync(path: string): FileStatus | undefined {
    const node = this.#nodes.get(absolute(path));
    if (node === undefined) return undefined;
    return {
      path,
      isDirectory: node.bytes === undefined,
      sizeBytes: node.bytes?.length ?? 0,
      modifiedMs: node.modifiedMs,
    };
  }

  listSync(directory: string): FileStatus[] {
    const node = this.#existing("list", directory);
    if (node.bytes !== undefined) throw fileError("list", directory, "it is not a directory");
    const prefix = below(absolute(directory));
    const names = [...this.#nodes.keys()]
      .filter(
        path => path.startsWith(prefix) && path.length > prefix.length && !path.includes("/", prefix.length),
      )
      .map(path => path.slice(prefix.length));
    return names
      .sort()
      .map(name => this.statSync(below(directory) + name))
      .filter(status => status !== undefined);
  }

  stat(path: string): Promise<FileStatus | undefined> {
    return this.#later(() => this.statSync(path));
  }

  list(directory: string): Promise<FileStatus[]> {
    return this.#later(() => this.listSync(directory));
  }

  open(path: string): FileReader {
    const { bytes } = this.#existing("open", path);
    if (bytes === undefined) throw fileError("open", path, "it is a directory");
    let isClosed = false;
    return {
      sizeBytes: bytes.length,
      read: (target, position) => {
        if (isClosed) throw fileError("read", path, "it was closed");
        const part = bytes.view().subarray(position, position + target.length);
        target.set(part);
        return part.length;
      },
      close: () => {
        isClosed = true;
      },
    };
  }

  create(path: string): Promise<FileWriter> {
    return this.#later(() => {
      this.#makeParents(path);
      const bytes = new ByteStore();
      const node: FileNode = { bytes, modifiedMs: this.#clock.now() };
      this.#set(path, node);
      let isClosed = false;
      const write = (data: Uint8Array): void => {
        if (isClosed) throw fileError("write", path, "it was closed");
        bytes.append(data);
        node.modifiedMs = this.#clock.now();
      };
      return {
        write: data => this.#later(() => write(data)),
        sync: () => this.#later(() => {}),
        close: () =>
          this.#later(() => {
            isClosed = true;
          }),
      };
    });
  }

  mkdirs(path: string): Promise<void> {
    return this.#later(() => this.#makeDirectories(absolute(path), path));
  }

  rename(from: string, to: string): Promise<void> {
    return this.#later(() => this.#move(from, to));
  }

  remove(path: string): Promise<void> {
    return this.#later(() => {
      const root = absolute(path);
      for (const inner of [...this.#nodes.keys()]) {
        if (inner !== "/" && (inner === root || inner.startsWith(below(root)))) this.#nodes.delete(inner);
      }
    });
  }

  async #later<T>(operation: () => T): Promise<T> {
    try {
      return operation();
    } finally {
      await this.#yieldTurn();
    }
  }

  #move(from: string, to: string): void {
    const action = `rename to ${to}`;
    const node = this.#existing(action, from);
    const [source, target] = [absolute(from), absolute(to)];
    if (source === target) return;
    if (target.startsWith(below(source))) throw fileError(action, from, "the target lies inside it");
    const parent = this.#nodes.get(posix.dirname(target));
    if (parent === undefined) throw fileError(action, from, { code: "ENOENT" });
    const replaced = this.#nodes.get(target);
    if (replaced !== undefined) {
      const isDirectory = node.bytes === undefined;
      if (isDirectory !== (replaced.bytes === undefined))
        throw fileError(action, from, "a file and a directory cannot replace each other");
      if (isDirectory && this.listSync(to).length > 0)
        throw fileError(action, from, "the target is a directory that is not empty");
    }
    const inner = [...this.#nodes].filter(([path]) => path.startsWith(below(source)));
    this.#nodes.delete(source);
    this.#set(to, node);
    for (const [path, moved] of inner) {
      this.#nodes.delete(path);
      this.#nodes.set(target + path.slice(source.length), moved);
    }
  }

  #existing(action: string, path: string): FileNode {
    const node = this.#nodes.get(absolute(path));
    if (node === undefined) throw fileError(action, path, { code: "ENOENT" });
    return node;
  }

  #makeParents(path: string): void {
    this.#makeDirectories(posix.dirname(absolute(path)), path);
  }

  #makeDirectories(directory: string, path: string): void {
    const node = this.#nodes.get(directory);
    if (node !== undefined) {
      if (node.bytes !== undefined) throw fileError("make directory", path, `${directory} is a file`);
      return;
    }
    this.#makeDirectories(posix.dirname(directory), path);
    this.#set(directory, { modifiedMs: this.#clock.now() });
  }

  #set(path: string, node: FileNode): void {
    const target = absolute(path);
    const replaced = this.#nodes.get(target);
    if (replaced !== undefined && (replaced.bytes === undefined) !== (node.bytes === undefined)) {
      throw fileError("create", path, "it is a directory");
    }
    this.#nodes.set(target, node);
    const parent = this.#nodes.get(posix.dirname(target));
    if (parent !== undefined) parent.modifiedMs = this.#clock.now();
  }
}

function absolute(path: string): string {
  return posix.resolve("/", path);
}

function below(directory: string): string {
  return directory.endsWith("/") ? directory : `${directory}/`;
}
