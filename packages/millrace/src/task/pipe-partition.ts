import { sparkText } from "../common/format/spark-text.ts";
import { pipeThrough } from "../common/platform/system/processes.ts";

/** Where and how the process runs. */
export interface PipeSettings {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly encoding?: "utf8" | "latin1";
}

type Write = (line: string) => void;

/** The lines a command writes when it is given the records of a partition as lines. */
export function pipePartition<T>(
  records: Iterable<T>,
  command: readonly string[],
  settings: PipeSettings,
  writeRecord: ((record: T, write: Write) => void) | undefined,
  writeBefore: ((write: Write) => void) | undefined,
): AsyncIterable<string> {
  const lines = function* () {
    const pending: string[] = [];
    const write: Write = line => void pending.push(line);
    writeBefore?.(write);
    yield* pending.splice(0);
    for (const record of records) {
      if (writeRecord === undefined) yield sparkText(record);
      else {
        writeRecord(record, write);
        yield* pending.splice(0);
      }
    }
  };
  return pipeThrough(command, lines(), settings);
}
