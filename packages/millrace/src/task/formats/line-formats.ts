import { millraceError } from "../../common/errors/index.ts";
import { sparkText } from "../../common/format/spark-text.ts";
import type { OutputFormat } from "./output-format.ts";

/** Characters gathered before a write: encoding many lines at once is quicker than each. */
const FLUSH_CHARACTERS = 1 << 16;

/** A format of one line per record. */
function lineFormat(extension: string, lineOf: (record: unknown) => string): OutputFormat {
  return {
    extension,
    compressesItself: false,
    options: [],
    open(sink) {
      const encoder = new TextEncoder();
      let text = "";
      const flush = () => {
        const bytes = encoder.encode(text);
        text = "";
        return sink.write(bytes);
      };
      return {
        write(record) {
          text += `${lineOf(record)}\n`;
          return text.length < FLUSH_CHARACTERS ? undefined : flush();
        },
        close: () => (text === "" ? undefined : flush()),
      };
    },
  };
}

/** What `saveAsTextFile` writes: the text of each record, as `print()` shows it. */
export const linesFormat = lineFormat("", sparkText);

/** Keys and values with a tab between, as Hadoop's TextOutputFormat. */
export const textFormat = lineFormat("", record => {
  if (!Array.isArray(record)) throw notAPair(record);
  return record
    .slice(0, 2)
    .filter(part => part !== null && part !== undefined)
    .map(sparkText)
    .join("\t");
});

export const jsonLinesFormat = lineFormat(".json", record => {
  const text: string | undefined = JSON.stringify(record);
  if (text !== undefined) return text;
  throw millraceError("MR_BAD_ARGUMENT", `${sparkText(record)} has no form in JSON`);
});

/** The error for a record that a format of pairs cannot write. */
export function notAPair(record: unknown) {
  return millraceError("MR_NOT_A_PAIR", `a [key, value] pair was expected, got ${sparkText(record)}`);
}
