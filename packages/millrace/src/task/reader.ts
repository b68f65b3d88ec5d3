import { millraceError } from "../common/errors/index.ts";
import type { Platform } from "../common/platform/platform.ts";
import type { ReaderRef } from "../plan/index.ts";
import type { ChunkSource } from "./chunk.ts";
import { sequenceFileReader } from "./formats/sequence-file/sequence-reader.ts";
import { inputParts } from "./input-parts.ts";
import { blockReader } from "./readers/block.ts";
import { fixedRecordsReader } from "./readers/fixed-records.ts";
import { inputFormatReader } from "./readers/input-format.ts";
import { objectFileReader } from "./readers/object-file.ts";
import { rangeReader } from "./readers/range.ts";
import { textFileReader } from "./readers/text-file.ts";
import { valuesReader } from "./readers/values.ts";
import { wholeFileReader } from "./readers/whole-file.ts";
import type { TaskInput } from "./spec.ts";

/** Opens one split of a source where the task runs. */
export interface Reader<S = never> {
  open(split: S, platform: Platform): ChunkSource;
  /** Whether the chunks of this split may come as promises; absent: never. */
  mayWait?(split: S): boolean;
}

/** The core's own readers, by name. */
const coreReaders: Readonly<Record<string, Reader>> = {
  values: valuesReader,
  range: rangeReader,
  "text-file": textFileReader,
  "whole-file": wholeFileReader,
  "sequence-file": sequenceFileReader,
  "object-file": objectFileReader,
  block: blockReader,
  "fixed-records": fixedRecordsReader,
  "input-format": inputFormatReader,
};

const loaded = new Map<string, Reader>();

function keyOf(reader: { readonly module: string; readonly export: string }): string {
  return `${reader.module}#${reader.export}`;
}

/** Whether an input needs the module of a connector's reader that is not loaded. */
export function lacksReaders(input: TaskInput): boolean {
  return (
    (input.op === "read" && "module" in input.reader && !loaded.has(keyOf(input.reader))) ||
    inputParts(input).some(lacksReaders)
  );
}

/** Loads the modules of the connectors' readers an input uses; `findReader` needs them to be there. */
export async function loadReaders(input: TaskInput): Promise<void> {
  if (input.op === "read" && "module" in input.reader && !loaded.has(keyOf(input.reader))) {
    await load(input.reader);
  }
  for (const part of inputParts(input)) await loadReaders(part);
}

async function load(reader: { readonly module: string; readonly export: string }): Promise<void> {
  const module = (await import(reader.module)) as Record<string, Reader | undefined>;
  const found = module[reader.export];
  if (found === undefined) {
    throw millraceError("MR_INTERNAL", `module ${reader.module} exports no reader ${reader.export}`);
  }
  loaded.set(keyOf(reader), found);
}

/** The reader of a split whose module is loaded. */
export function findReader(reader: ReaderRef): Reader {
  const found = "name" in reader ? coreReaders[reader.name] : loaded.get(keyOf(reader));
  if (found === undefined) {
    throw millraceError(
      "MR_INTERNAL",
      `there is no reader ${"name" in reader ? reader.name : keyOf(reader)}`,
    );
  }
  return found;
}
