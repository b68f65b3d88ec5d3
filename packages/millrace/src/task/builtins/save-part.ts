import { compressedSink } from "../formats/compressed-sink.ts";
import {
  type ByteSink,
  codecOf,
  findFormat,
  type OutputFormat,
  type OutputFormatRef,
  type OutputSettings,
} from "../formats/index.ts";
import type { TaskInfo } from "../spec.ts";
import { registerBuiltin } from "./registry.ts";

/** What `savePart` is told. */
export interface SaveArgument extends OutputSettings {
  readonly directory: string;
  readonly format: OutputFormatRef;
}

/** A file that is whole and not yet in its place. */
export interface SavedPart {
  readonly name: string;
  readonly temporary: string;
}

/**
 * Writes a partition to `part-00000` and so on under `_temporary` of the directory it is told; answers where.
 * The driver moves the files when all of them are whole.
 */
export const savePart = registerBuiltin(
  "savePart",
  async (records: Iterable<unknown>, task: TaskInfo): Promise<SavedPart> => {
    const argument = task.argument as SaveArgument;
    const format = await findFormat(argument.format);
    const codec =
      format.compressesItself || argument.codec === undefined ? undefined : codecOf(argument.codec);
    const number = String(task.partition).padStart(5, "0");
    const name = `part-${number}${format.extension}${codec?.extension ?? ""}`;
    const temporary = `${argument.directory}/_temporary/${task.stage}-${task.attempt}/${name}`;
    const file = await task.platform.files.create(temporary);
    try {
      if (codec === undefined) await writeRecords(format, argument, records, file);
      else {
        const sink = compressedSink(codec, file);
        try {
          await writeRecords(format, argument, records, sink);
          await sink.finish();
        } finally {
          sink.abandon();
        }
      }
      await file.sync();
    } finally {
      await file.close();
    }
    return { name, temporary };
  },
);

async function writeRecords(
  format: OutputFormat,
  settings: OutputSettings,
  records: Iterable<unknown>,
  sink: ByteSink,
): Promise<void> {
  const writer = format.open(sink, settings);
  for (const record of records) {
    const more = writer.write(record);
    if (more !== undefined) await more;
  }
  await writer.close();
}
