/**
 * The seam between Millrace and the world. Time, timers, chance, files and sockets are reached through a
 * `Platform` and nowhere else, so that a whole application can run deterministically from a seed.
 * `systemPlatform` is the real one; `createDeterministicPlatform` the simulated one.
 */

/** Reads time. */
export interface Clock {
  /** Milliseconds since the epoch, as `Date.now()`. */
  now(): number;
  /** Milliseconds from an arbitrary start, never going backwards; for measuring only. */
  monotonic(): number;
}

/** A scheduled callback. */
export interface Timer {
  /** Prevents the callback from running; harmless when it has run or was cancelled. */
  cancel(): void;
}

/** Schedules work in time. */
export interface Timers {
  /** Runs `callback` once, `delayMs` milliseconds from now (at least one turn of the event loop later). */
  schedule(delayMs: number, callback: () => void, options?: { readonly unref?: boolean }): Timer;
  /** Resolves after `delayMs`; rejects with the signal's reason when aborted first. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
  /** Gives timers, sockets and other callbacks one turn of the event loop. */
  yieldTurn(): Promise<void>;
}

/** A source of chance. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** An integer in [0, 2³²). */
  nextUint32(): number;
}

/** What is known about a file or directory. */
export interface FileStatus {
  readonly path: string;
  readonly isDirectory: boolean;
  readonly sizeBytes: number;
  /** Modification time, milliseconds since the epoch. */
  readonly modifiedMs: number;
}

/** An open file, read by position. */
export interface FileReader {
  readonly sizeBytes: number;
  /**
   * Reads up to `target.length` bytes at `position` into `target`; returns how many (0 at the end).
   * May answer at once or later: callers must await only when given a promise.
   */
  read(target: Uint8Array, position: number): number | Promise<number>;
  close(): void;
}

/** An open file, written on where it ends. */
export interface FileWriter {
  write(bytes: Uint8Array): Promise<void>;
  /** Makes what was written durable. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** A file for what does not fit into memory: appended to and read by position, both without waiting. */
export interface ScratchFile {
  /** How much is in it, and so where the next `append` writes. */
  readonly sizeBytes: number;
  /** Appends all of `bytes`. */
  append(bytes: Uint8Array): void;
  /** Fills `target` with what lies at `position`, which must have been written. */
  read(target: Uint8Array, position: number): void;
  /** The file stays. */
  close(): void;
}

/** Something that a module exports, for threads to load. */
export interface ModuleExport {
  /** A URL, such as `import.meta.url`. */
  readonly module: string;
  readonly export: string;
}

/**
 * A file system. Its paths are absolute or relative to the working directory, or, when it is one of a context's
 * `fileSystems`, whole URLs, as are those of the files it lists. Errors are `MillraceError`s. Methods that do not answer
 * with a promise are called where a plan is made, and by tasks that spill: one over a network has to wait in them.
 */
export interface FileSystem {
  /**
   * Where this very object is exported, so that worker threads have it, too; absent: it lives in one thread, and tasks
   * of contexts that use it run there.
   */
  readonly loadedFrom?: ModuleExport;
  /** `undefined` when nothing is there. */
  stat(path: string): Promise<FileStatus | undefined>;
  /** As `stat`, without waiting: used where a plan is built. */
  statSync(path: string): FileStatus | undefined;
  /** Entries of a directory, sorted by name; `path` of each is `directory/name`. */
  list(directory: string): Promise<FileStatus[]>;
  listSync(directory: string): FileStatus[];
  /** Opens for reading, without waiting. */
  open(path: string): FileReader;
  /** Opens for appending and reading, without waiting; made, with parent directories, when it is not there. */
  scratch(path: string): ScratchFile;
  /** Removes a file without waiting; nothing there is not an error. */
  removeSync(path: string): void;
  /** Creates or truncates, making parent directories. */
  create(path: string): Promise<FileWriter>;
  /**
   * Opens to write on at the end, after cutting the file to its first `lengthBytes` when given; makes the file
   * and its parent directories when they are not there.
   */
  append(path: string, lengthBytes?: number): Promise<FileWriter>;
  /** Durable when it resolves, as are directories that `create` and `append` make. */
  mkdirs(path: string): Promise<void>;
  /** Atomic; replaces a file at `to`. */
  rename(from: string, to: string): Promise<void>;
  /** Makes durable which entries a directory has: files created, renamed and removed in it. */
  syncDirectory(path: string): Promise<void>;
  /** Removes a file or a directory with its contents; nothing there is not an error. */
  remove(path: string): Promise<void>;
}

/** Callbacks of one connection. */
export interface ConnectionHandlers {
  onConnect?(): void;
  /** The bytes are valid during the call only: whoever keeps them makes a copy. */
  onData(bytes: Uint8Array): void;
  /** Called once, after the last `onData`; `error` when it ended badly (also when connecting failed). */
  onClose(error?: Error): void;
}

/** One TCP connection. */
export interface Connection {
  /** Writes; resolves when it is safe to write more (flow control). */
  write(bytes: Uint8Array | string): Promise<void>;
  /** Stops `onData` until `resume`; the peer is slowed down by TCP. */
  pause(): void;
  resume(): void;
  /** Ends after what was written; idempotent. */
  close(): void;
}

/** A listening socket. */
export interface Listener {
  readonly port: number;
  /** Stops listening and closes the connections that were accepted. */
  close(): Promise<void>;
}

/** TCP. */
export interface Network {
  connect(host: string, port: number, handlers: ConnectionHandlers): Connection;
  /** `port` 0 takes a free one. `onConnection` answers with the handlers of the new connection. */
  listen(
    port: number,
    onConnection: (connection: Connection) => ConnectionHandlers,
    host?: string,
  ): Promise<Listener>;
}

/** The process and machine around us. */
export interface Host {
  /** Processors that may be used. */
  readonly processors: number;
  readonly hostname: string;
  /** The id of this process. */
  readonly processId: number;
  /** Whether a process of this machine runs. */
  isProcessAlive(id: number): boolean;
  /** Writes a text to standard output, as `print()` does. */
  stdout(text: string): void;
  stderr(text: string): void;
  /** The width of the terminal that standard error goes to; `undefined` when it goes elsewhere. */
  readonly stderrColumns: number | undefined;
  /** Calls `handler` on a signal such as `SIGTERM`; the returned function removes it. */
  onSignal(signal: "SIGINT" | "SIGTERM", handler: () => void): () => void;
  /** Ends the process. */
  exit(code: number): void;
  /**
   * This thread needs so many bytes no longer that threads share. V8 does not count such memory, and so would
   * let it pile up: garbage is collected when it is worth it.
   */
  releasedShared(bytes: number): void;
  environment(name: string): string | undefined;
  /** Of simulated processes: whether this one has died; nothing of it runs any more. */
  readonly isCrashed?: boolean;
}

/** Everything outside the program. */
export interface Platform {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly files: FileSystem;
  readonly network: Network;
  readonly host: Host;
  /**
   * What worker threads load to have the same platform: file systems by scheme beside the system's own. Absent: this
   * platform is one thread's alone.
   */
  readonly threadFiles?: Readonly<Record<string, ModuleExport>>;
}
