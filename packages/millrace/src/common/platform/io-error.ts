import { type MillraceError, millraceError } from "../errors/index.ts";

/** Turns the error of a file operation into a coded one that names the path and the system's own words. */
export function fileError(action: string, path: string, cause: unknown): MillraceError {
  const code = errnoOf(cause);
  if (code === "ENOENT")
    return millraceError(
      "MR_PATH_NOT_FOUND",
      `Cannot ${action} ${path}: no such file or directory (ENOENT)`,
      { cause },
    );
  return millraceError("MR_IO", `Cannot ${action} ${path}: ${textOf(cause)}`, { cause });
}

/** Why a file cannot be cut: it has less than what is to be kept. */
export function tooShort(sizeBytes: number, lengthBytes: number): string {
  return `it has ${sizeBytes} bytes and should have at least ${lengthBytes}`;
}

/** Turns the error of a socket into a coded one; `place` is `host:port`. */
export function networkError(action: string, place: string, cause: unknown): MillraceError {
  return millraceError("MR_NETWORK", `Cannot ${action} ${place}: ${textOf(cause)}`, { cause });
}

/** The system's code of an error, such as `ENOENT`. */
export function errnoOf(error: unknown): string | undefined {
  if (typeof error === "object" && error !== null && "code" in error && typeof error.code === "string")
    return error.code;
  return undefined;
}

function textOf(error: unknown): string {
  // Connecting to a name with several addresses fails with one error for each and no text of its own.
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.map(textOf).join("; ");
  return error instanceof Error ? error.message : String(error);
}
