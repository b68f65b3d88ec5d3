import type { FileReader, ModuleExport } from "../../common/platform/platform.ts";

/** The part of a file that one partition reads, and what the caller asked for: plain data. */
export interface InputSplit {
  readonly path: string;
  /** First byte. */
  readonly start: number;
  /** The byte after the last one. */
  readonly end: number;
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * How `sc.newAPIHadoopFile` reads records from files. A module that exports one makes it usable as
 * `{ module: import.meta.url, export: "name" }`: tasks load it where they run.
 */
export interface InputFormat<T = unknown> {
  /** Names of the options that it takes. */
  readonly options: readonly string[];
  /**
   * The records that begin in the bytes of a split, some at a time. Files are cut at any byte: a format finds the
   * next mark by itself, or, if it has none, gives all records to the split that starts at 0 and none to others.
   */
  read(file: FileReader, split: InputSplit): AsyncIterable<readonly T[]>;
}

/** Names an input format by its module and export. */
export type InputFormatRef = ModuleExport;
