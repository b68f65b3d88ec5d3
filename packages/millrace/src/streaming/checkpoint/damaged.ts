import { type MillraceError, millraceError } from "../../common/errors/index.ts";

/** A file of a checkpoint is not as it was written. */
export function damaged(path: string, why: string, cause?: unknown): MillraceError {
  return millraceError(
    "MR_CHECKPOINT_DAMAGED",
    `${path} is damaged: ${why}`,
    cause === undefined ? {} : { cause },
  );
}
