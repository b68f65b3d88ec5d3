import { sparkText } from "../../common/format/spark-text.ts";
import type { TaskInfo } from "../spec.ts";
import { registerBuiltin } from "./registry.ts";

/** A file that is whole and not yet in its place. */
export interface SavedPart {
  readonly name: string;
  readonly temporary: string;
}

/** Characters gathered before a write. */
const WRITE_CHARACTERS = 1 << 16;

/**
 * Writes a partition as lines of text to `part-00000` and so on under `_temporary` of the directory it is told;
 * answers where. The driver moves the files when all of them are whole.
 */
export const saveTextPartition = registerBuiltin(
  "saveTextPartition",
  async (records: Iterable<unknown>, task: TaskInfo): Promise<SavedPart> => {
    const { files } = task.platform;
    const { directory } = task.argument as { readonly directory: string };
    const name = `part-${String(task.partition).padStart(5, "0")}`;
    const temporary = `${directory}/_temporary/${task.stage}-${task.attempt}/${name}`;
    const encoder = new TextEncoder();
    const writer = await files.create(temporary);
    try {
      let text = "";
      for (const record of records) {
        text += `${sparkText(record)}\n`;
        if (text.length >= WRITE_CHARACTERS) {
          await writer.write(encoder.encode(text));
          text = "";
        }
      }
      await writer.write(encoder.encode(text));
      await writer.sync();
    } finally {
      await writer.close();
    }
    return { name, temporary };
  },
);
