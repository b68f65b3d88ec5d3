import { posix } from "node:path";
import { fileError, tooShort } from "../io-error.ts";
import type { Random } from "../platform.ts";
import { ByteStore } from "./byte-store.ts";

/**
 * What the end of a process leaves on its disk. `allSynced`: all that was written. `unsyncedLost`, as a loss of
 * power: only what was synced (contents of files, entries of directories). `lastWriteTorn`: all but the end of
 * the last write. `killed`, as `kill -9`: all that was written, but a loss of power may yet take what was not
 * synced.
 */
export type DiskModel = "allSynced" | "unsyncedLost" | "lastWriteTorn" | "killed";

/** A file and what of it would survive. */
export interface FileNode {
  readonly kind: "file";
  modifiedMs: number;
  bytes: ByteStore;
  /** Content at the last sync. A view: bytes are appended only, and cutting makes a new store. */
  durable: Uint8Array;
  /** Bytes from here on were given up by a sync that failed: a later sync does not bring them back. */
  lostFrom: number | undefined;
}

/** A directory and which of its entries would survive. */
export interface DirectoryNode {
  readonly kind: "directory";
  modifiedMs: number;
  entries: Map<string, DiskNode>;
  durable: Map<string, DiskNode>;
}

export type DiskNode = FileNode | DirectoryNode;

const noBytes = new Uint8Array(0);

/** A tree of files in memory that knows, as a real disk does, what has reached it and what only seems to. */
export class SimulatedDisk {
  readonly #root: DirectoryNode;
  /** The last write that was not synced. */
  #lastWrite: { readonly file: FileNode; readonly from: number } | undefined;

  constructor(nowMs: number) {
    this.#root = directory(nowMs);
  }

  find(path: string): DiskNode | undefined {
    let node: DiskNode = this.#root;
    for (const name of namesOf(path)) {
      const inner: DiskNode | undefined = node.kind === "directory" ? node.entries.get(name) : undefined;
      if (inner === undefined) return undefined;
      node = inner;
    }
    return node;
  }

  /** Throws MR_PATH_NOT_FOUND. */
  existing(action: string, path: string): DiskNode {
    const node = this.find(path);
    if (node === undefined) throw fileError(action, path, { code: "ENOENT" });
    return node;
  }

  existingDirectory(action: string, path: string): DirectoryNode {
    const node = this.existing(action, path);
    if (node.kind === "file") throw fileError(action, path, "it is not a directory");
    return node;
  }

  /** Makes it and its parents, durably. */
  makeDirectories(path: string, nowMs: number, action = "make directory", target = path): DirectoryNode {
    let node = this.#root;
    for (const name of namesOf(path)) {
      let inner = node.entries.get(name);
      if (inner === undefined) {
        inner = directory(nowMs);
        node.entries.set(name, inner);
        node.durable.set(name, inner);
        node.modifiedMs = nowMs;
      }
      if (inner.kind === "file") throw fileError(action, target, `${name} is a file`);
      node = inner;
    }
    return node;
  }

  /** The file at a path, made when it is not there, with its parents. */
  openFile(action: string, path: string, nowMs: number): FileNode {
    const known = this.find(path);
    if (known?.kind === "directory") throw fileError(action, path, "it is a directory");
    if (known !== undefined) return known;
    const parent = this.makeDirectories(parentOf(path), nowMs, action, path);
    const file: FileNode = {
      kind: "file",
      modifiedMs: nowMs,
      bytes: new ByteStore(),
      durable: noBytes,
      lostFrom: undefined,
    };
    parent.entries.set(nameOf(path), file);
    parent.modifiedMs = nowMs;
    return file;
  }

  /** Puts a whole file there, durably, as somebody else would have done long ago. */
  put(path: string, content: Uint8Array, modifiedMs: number): void {
    const file = this.openFile("create", path, modifiedMs);
    this.cut(path, file, 0);
    this.write(file, content, modifiedMs);
    this.sync(file);
    this.syncDirectory(parentOf(path));
  }

  cut(path: string, file: FileNode, lengthBytes: number): void {
    if (file.bytes.length < lengthBytes)
      throw fileError("cut", path, tooShort(file.bytes.length, lengthBytes));
    if (file.bytes.length === lengthBytes) return;
    file.bytes = new ByteStore(file.bytes.view().subarray(0, lengthBytes));
    if (file.lostFrom !== undefined && file.lostFrom >= lengthBytes) file.lostFrom = undefined;
  }

  write(file: FileNode, bytes: Uint8Array, nowMs: number): void {
    this.#lastWrite = { file, from: file.bytes.length };
    file.bytes.append(bytes);
    file.modifiedMs = nowMs;
  }

  sync(file: FileNode): void {
    file.durable = file.bytes.view().subarray(0, file.lostFrom);
    if (this.#lastWrite?.file === file) this.#lastWrite = undefined;
  }

  /** A sync that fails drops what it should have written; a later one that succeeds does not know of it. */
  failSync(file: FileNode): void {
    const kept = file.durable.length;
    if (file.bytes.length > kept) file.lostFrom = Math.min(file.lostFrom ?? kept, kept);
  }

  syncDirectory(path: string): void {
    const node = this.existingDirectory("sync", path);
    node.durable = new Map(node.entries);
  }

  move(from: string, to: string, nowMs: number): void {
    const action = `rename to ${to}`;
    const node = this.existing(action, from);
    const [source, target] = [absolute(from), absolute(to)];
    if (source === target) return;
    if (target.startsWith(`${source}/`)) throw fileError(action, from, "the target lies inside it");
    const parent = this.find(parentOf(target));
    if (parent === undefined) throw fileError(action, from, { code: "ENOENT" });
    if (parent.kind === "file") throw fileError(action, from, `${parentOf(target)} is not a directory`);
    const replaced = parent.entries.get(nameOf(target));
    if (replaced !== undefined) {
      if (replaced.kind !== node.kind)
        throw fileError(action, from, "a file and a directory cannot replace each other");
      if (replaced.kind === "directory" && replaced.entries.size > 0)
        throw fileError(action, from, "the target is a directory that is not empty");
    }
    this.#unlink(source, nowMs);
    parent.entries.set(nameOf(target), node);
    parent.modifiedMs = nowMs;
  }

  remove(path: string, nowMs: number): void {
    if (absolute(path) === "/") this.#root.entries.clear();
    else this.#unlink(absolute(path), nowMs);
  }

  /** Leaves what a loss of power would leave. */
  losePower(model: DiskModel, random: Random): void {
    if (model === "killed") return;
    if (model === "unsyncedLost") keepDurable(this.#root);
    if (model === "lastWriteTorn" && this.#lastWrite !== undefined) {
      const { file, from } = this.#lastWrite;
      const kept = Math.floor(random.next() * (file.bytes.length - from));
      if (file.bytes.length > from) file.bytes = new ByteStore(file.bytes.view().subarray(0, from + kept));
    }
    settle(this.#root);
    this.#lastWrite = undefined;
  }

  #unlink(path: string, nowMs: number): void {
    const parent = this.find(parentOf(path));
    if (parent?.kind === "directory" && parent.entries.delete(nameOf(path))) parent.modifiedMs = nowMs;
  }
}

function directory(nowMs: number): DirectoryNode {
  return { kind: "directory", modifiedMs: nowMs, entries: new Map(), durable: new Map() };
}

function keepDurable(node: DiskNode): void {
  if (node.kind === "file") {
    node.bytes = new ByteStore(node.durable);
    return;
  }
  node.entries = new Map(node.durable);
  for (const inner of node.entries.values()) keepDurable(inner);
}

/** What is there after the power came back is on the disk. */
function settle(node: DiskNode): void {
  if (node.kind === "file") {
    node.durable = node.bytes.view();
    node.lostFrom = undefined;
    return;
  }
  node.durable = new Map(node.entries);
  for (const inner of node.entries.values()) settle(inner);
}

/** Paths are the same with and without a scheme and a host. */
function absolute(path: string): string {
  return posix.resolve("/", path.replace(/^[a-z][a-z\d+.-]+:(\/\/[^/]*)?/i, ""));
}

function namesOf(path: string): string[] {
  return absolute(path)
    .split("/")
    .filter(name => name !== "");
}

function parentOf(path: string): string {
  return posix.dirname(absolute(path));
}

function nameOf(path: string): string {
  return posix.basename(absolute(path));
}
