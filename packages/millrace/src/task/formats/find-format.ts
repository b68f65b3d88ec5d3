import { millraceError } from "../../common/errors/index.ts";
import { jsonLinesFormat, linesFormat, textFormat } from "./line-formats.ts";
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
  if ("name" in ref) {
    if (Object.hasOwn(coreFormats, ref.name)) return coreFormats[ref.name];
    throw millraceError("MR_BAD_ARGUMENT", `there is no output format ${JSON.stringify(ref.name)}`);
  }
  let module: Readonly<Record<string, unknown>>;
  try {
    module = (await import(ref.module)) as typeof module;
  } catch (cause) {
    throw millraceError("MR_BAD_ARGUMENT", `the module of an output format cannot be loaded: ${ref.module}`, {
      cause,
      hint: 'Give its URL, as in `{ module: import.meta.url, export: "myFormat" }`.',
    });
  }
  const found = module[ref.export] as Partial<OutputFormat> | undefined;
  if (typeof found?.open === "function") return found as OutputFormat;
  throw millraceError("MR_BAD_ARGUMENT", `${ref.module} exports no output format ${ref.export}`);
}
