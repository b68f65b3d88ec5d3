/** Takes the bytes of one file. */
export interface ByteSink {
  /** Resolves when more may be written. */
  write(bytes: Uint8Array): Promise<void>;
}

/** Turns the records of one partition into the bytes of one file. */
export interface RecordWriter {
  write(record: unknown): void | Promise<void>;
  /** Writes what is left; the file is whole after it. Not called when a record failed. */
  close(): void | Promise<void>;
}

/** What an output format is told beside the records: plain data. */
export interface OutputSettings {
  /** The codec the caller chose, for formats that compress by themselves. */
  readonly codec: string | undefined;
  /** The other options of the call, such as the classes of keys and values. */
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * How `saveAsHadoopFile` writes records into files. A module that exports one makes it usable as
 * `{ module: import.meta.url, export: "name" }`: tasks load it where they run.
 */
export interface OutputFormat {
  /** Ending of the names of its files, such as `.json`; empty for none. */
  readonly extension: string;
  /** Whether the format compresses its own parts; otherwise the whole file goes through the codec. */
  readonly compressesItself: boolean;
  /** Names of the options that it takes beside `overwrite` and `codec`. */
  readonly options: readonly string[];
  /** Throws when settings make no sense: called before anything is written. Absent: `codec` is one of the core's. */
  check?(settings: OutputSettings): void;
  open(sink: ByteSink, settings: OutputSettings): RecordWriter;
}

/** Names an output format: one of the core's by name, any other by its module and export. */
export type OutputFormatRef =
  | { readonly name: "lines" | "text" | "json-lines" | "sequence-file" | "object-file" }
  | { readonly module: string; readonly export: string };

/**
 * Pairs as lines `key<TAB>value`; a key or value that is `null` or `undefined` is left out, with the tab.
 *
 * ```ts
 * import assert from "node:assert";
 * import { mkdtempSync, readFileSync, rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { SparkContext, TextOutputFormat } from "millrace";
 * const sc = new SparkContext("local", "TextOutputFormat");
 * const folder = mkdtempSync(`${tmpdir()}/text-`);
 * await sc.parallelize([["a", 1]] as [string, number][], 1).saveAsHadoopFile(`${folder}/out`, TextOutputFormat);
 * assert.equal(readFileSync(`${folder}/out/part-00000`, "utf8"), "a\t1\n");
 * rmSync(folder, { recursive: true });
 * await sc.stop();
 * ```
 */
export const TextOutputFormat: OutputFormatRef = { name: "text" };

/**
 * Each record as one line of JSON. What JSON has no form for (`undefined`, functions) fails the task.
 *
 * ```ts
 * import assert from "node:assert";
 * import { mkdtempSync, readFileSync, rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { JsonLinesOutputFormat, SparkContext } from "millrace";
 * const sc = new SparkContext("local", "JsonLinesOutputFormat");
 * const folder = mkdtempSync(`${tmpdir()}/json-`);
 * await sc.parallelize([{ id: 1 }], 1).saveAsHadoopFile(`${folder}/out`, JsonLinesOutputFormat, { codec: "gzip" });
 * assert.deepEqual(await sc.textFile(`${folder}/out`).map(line => JSON.parse(line) as unknown).collect(), [{ id: 1 }]);
 * rmSync(folder, { recursive: true });
 * await sc.stop();
 * ```
 */
export const JsonLinesOutputFormat: OutputFormatRef = { name: "json-lines" };

/**
 * Pairs as a Hadoop SequenceFile; see `saveAsSequenceFile` for the options.
 *
 * ```ts
 * import assert from "node:assert";
 * import { mkdtempSync, rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { SequenceFileOutputFormat, SparkContext } from "millrace";
 * const sc = new SparkContext("local", "SequenceFileOutputFormat");
 * const folder = mkdtempSync(`${tmpdir()}/seq-`);
 * await sc.parallelize([["a", 1]] as [string, number][]).saveAsHadoopFile(`${folder}/out`, SequenceFileOutputFormat);
 * assert.deepEqual(await sc.sequenceFile<string, number>(`${folder}/out`).collect(), [["a", 1]]);
 * rmSync(folder, { recursive: true });
 * await sc.stop();
 * ```
 */
export const SequenceFileOutputFormat: OutputFormatRef = { name: "sequence-file" };
