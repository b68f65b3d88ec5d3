import { millraceError } from "../common/errors/index.ts";
import { narrow, type Origin } from "../plan/index.ts";
import { pipePartition } from "../task/pipe-partition.ts";
import { type Lineage, placeOf } from "./lineage.ts";
import type { RDD } from "./rdd.ts";

/** How `pipe` runs its command. */
export interface PipeOptions<T> {
  /** Variables added to those of the process. */
  readonly env?: Readonly<Record<string, string>>;
  /** The directory it runs in; default that of the process. */
  readonly cwd?: string;
  /** Writes the lines of a record; default one, its text as `print()` shows it. */
  readonly writeRecord?: (record: T, write: (line: string) => void) => void;
  /** Writes lines that come before all records. */
  readonly writeBefore?: (write: (line: string) => void) => void;
  /** How lines become bytes; default "utf8". */
  readonly encoding?: "utf8" | "latin1";
}

/** The lines a command makes of the records of each partition. */
export function piped<T>(
  rdd: Lineage,
  origin: Origin,
  command: string | readonly string[],
  options: PipeOptions<T>,
): RDD<string> {
  const words = typeof command === "string" ? command.split(/\s+/).filter(word => word !== "") : command;
  if (words.length === 0) throw millraceError("MR_BAD_ARGUMENT", "pipe needs a command", placeOf(origin));
  const { writeRecord, writeBefore, ...plain } = options;
  const run = async function* (records: Iterable<T>) {
    yield* pipePartition(records, words, plain, writeRecord, writeBefore);
  };
  return rdd.derive(narrow(origin, "mapPartitions", rdd.plan, run, false));
}
