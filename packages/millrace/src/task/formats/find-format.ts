import { millraceError } from "../../common/errors/index.ts";
import type { InputFormat, InputFormatRef } from "./input-format.ts";
import { jsonLinesFormat, linesFormat, textFormat } from "./line-formats.ts";
import { loadExport } from "./load-export.ts";
import { objectFileFormat } from "./object-file.ts";
import type { OutputFormat, OutputFormatRef } from "./output-format.ts";
import { sequenceFileFormat } from "./sequence-file/sequence-writer.ts";

type CoreName = Extract<OutputFormatRef, { readonly name: unknown }>["name"];

const coreFormats: Readonly<Record<CoreName, OutputFormat>> = {
  lines: linesFormat,
  text: textFormat,
  "json-lines": jsonLinesFormat,
  "sequence-file": sequenceFileFormat,
  "object-file": objectFileFormat,
};

/**
 * The format a reference names.
 * @throws MR_BAD_ARGUMENT when there is none
 */
export async function findFormat(ref: OutputFormatRef): Promise<OutputFormat> {
  if (!("name" in ref)) return loadExport<OutputFormat>("output format", ref, "open");
  if (Object.hasOwn(coreFormats, ref.name)) return coreFormats[ref.name];
  throw millraceError("MR_BAD_ARGUMENT", `there is no output format ${JSON.stringify(ref.name)}`);
}

/**
 * The format a reference names.
 * @throws MR_BAD_ARGUMENT when there is none
 */
export function findInputFormat(ref: InputFormatRef): Promise<InputFormat> {
  return loadExport<InputFormat>("input format", ref, "read");
}

/**
 * Checks that a format knows all options it is given.
 * @throws MR_BAD_ARGUMENT
 */
export function checkOptions(
  what: string,
  known: readonly string[],
  options: Readonly<Record<string, unknown>>,
  others: readonly string[] = [],
): void {
  const unknown = Object.keys(options).filter(name => !known.includes(name));
  if (unknown.length === 0) return;
  throw millraceError("MR_BAD_ARGUMENT", `the ${what} has no option ${unknown.join(", ")}`, {
    hint: `Its options are ${[...others, ...known].join(", ")}.`,
  });
}
