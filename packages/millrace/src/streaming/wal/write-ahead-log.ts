/** Where a log has a record: enough to read it, also for another process. */
export interface LogHandle {
  readonly path: string;
  /** Of the record's frame, in bytes. */
  readonly offset: number;
  /** Of the record, in bytes. */
  readonly length: number;
}

/** A record that was read. */
export interface LoggedRecord {
  readonly handle: LogHandle;
  readonly record: Uint8Array;
}

/** Records that outlive the process, until they are cleaned. */
export interface WriteAheadLog {
  /**
   * Adds a record; when this resolves it lasts. Records last in the order of the calls.
   * @throws MR_WAL when it cannot be written, after some attempts
   */
  write(record: Uint8Array, timeMs: number): Promise<LogHandle>;
  /** @throws MR_WAL when it is not there, or not as it was written */
  read(handle: LogHandle): Promise<Uint8Array>;
  /**
   * All records of earlier logs in the same place, oldest first.
   * @throws MR_WAL when records are not as they were written; a torn end, as a crash leaves it, is no error
   */
  readAll(): AsyncIterable<LoggedRecord>;
  /** Removes files all of whose records are from before `thresholdMs`. */
  clean(thresholdMs: number): Promise<void>;
  /** Waits for what was written; nothing can be written after it. */
  close(): Promise<void>;
}

/** How a log behaves: the keys `spark.streaming.receiver.writeAheadLog.*`. */
export interface WriteAheadLogSettings {
  /** A file takes records for so long after its first. */
  readonly rollingIntervalMs: number;
  /** How often a write is tried. */
  readonly maxFailures: number;
  /** For file systems on which only closed files last. */
  readonly closesFileAfterWrite: boolean;
}
