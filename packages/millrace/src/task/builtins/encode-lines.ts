import { sparkText } from "../../common/format/spark-text.ts";
import type { TaskInfo } from "../spec.ts";
import { registerBuiltin } from "./registry.ts";

/** What a partition became: `bytes` are `count` lines. */
export interface EncodedLines {
  readonly bytes: Uint8Array;
  readonly count: number;
}

/** How `encodeLines` writes a record: as `print` shows it, or as JSON. */
export type LineFormat = "text" | "json";

/** The records of a partition as lines of UTF-8 text in the format it is told. */
export const encodeLines = registerBuiltin(
  "encodeLines",
  (records: Iterable<unknown>, task: TaskInfo): EncodedLines => {
    const line = task.argument === "json" ? jsonText : sparkText;
    let text = "";
    let count = 0;
    for (const record of records) {
      text += `${line(record)}\n`;
      count += 1;
    }
    return { bytes: new TextEncoder().encode(text), count };
  },
);

/** What JSON has no text for, such as `undefined`, is `null`. */
function jsonText(record: unknown): string {
  return JSON.stringify(record) ?? "null";
}
