import { MillraceError } from "millrace";
import { millraceError } from "millrace/engine";

/** What a library threw while it read a file, with the file's name; our own errors as they are. */
export function unreadable(path: string, format: string, cause: unknown): MillraceError {
  if (cause instanceof MillraceError) return cause;
  return millraceError("MR_IO", `${path} cannot be read as ${format}: ${(cause as Error).message}`, {
    cause,
    hint: "The file is damaged or cut off, of another format, or uses what is not supported here.",
  });
}

/** A codec that a format does not know. */
export function unknownCodec(format: string, name: string, known: readonly string[]): MillraceError {
  return millraceError("MR_BAD_ARGUMENT", `${format} has no compression codec ${JSON.stringify(name)}`, {
    hint: `These are known: ${known.map(each => `"${each}"`).join(", ")}.`,
  });
}
