import { resolve } from "node:path";
import { serialize } from "node:v8";
import { encodeInput, mapInputParts, millraceError, type Origin, type TaskInput } from "millrace/engine";

/** Most bytes one task may be sent with the plan. */
export const MAX_SLICE_BYTES = 5_000_000;
/** Most bytes all tasks of a job may be sent with the plan: the server holds them several times over. */
export const MAX_INLINE_BYTES = 50_000_000;

/** The input of a task as bytes: values encoded, paths absolute, for executors have another working directory. */
export function serializeInput(input: TaskInput): Uint8Array {
  return serialize(withAbsolutePaths(encodeInput(input)));
}

function withAbsolutePaths(input: TaskInput): TaskInput {
  if (input.op !== "read") return mapInputParts(input, withAbsolutePaths);
  const { path } = input.split as { readonly path?: unknown };
  const isFile = "name" in input.reader && input.reader.name === "text-file" && typeof path === "string";
  return isFile ? { ...input, split: { ...(input.split as object), path: resolve(path) } } : input;
}

/** Counts what a job sends with its plan. */
export class InlineBudget {
  #sent = 0;

  /** @throws MR_INLINE_TOO_LARGE when a task's part or the whole is above its cap */
  take(sizeBytes: number, origin: Origin): void {
    if (sizeBytes > MAX_SLICE_BYTES) throw tooLarge(`a partition of ${sizeBytes}`, MAX_SLICE_BYTES, origin);
    this.#sent += sizeBytes;
    if (this.#sent > MAX_INLINE_BYTES) throw tooLarge(`a job with ${this.#sent}`, MAX_INLINE_BYTES, origin);
  }
}

function tooLarge(what: string, limit: number, { operator, site }: Origin) {
  return millraceError("MR_INLINE_TOO_LARGE", `${what} bytes of the driver's data is more than ${limit}`, {
    operator,
    ...(site === undefined ? {} : { site: site.text }),
  });
}
