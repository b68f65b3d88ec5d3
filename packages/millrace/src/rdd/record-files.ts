import { millraceError } from "../common/errors/index.ts";
import type { FileStatus } from "../common/platform/platform.ts";
import type { FixedRecordsSplit } from "../task/readers/fixed-records.ts";
import { BLOCK_BYTES, pieces } from "./text-files.ts";

/** One split per about 32 MiB of a file of records of equal length, none of which is cut. */
export function recordSplitsOf({ path, sizeBytes }: FileStatus, recordLength: number): FixedRecordsSplit[] {
  const step = Math.max(1, Math.floor(BLOCK_BYTES / recordLength)) * recordLength;
  return pieces(sizeBytes, step).map(({ start, end }) => ({ path, start, end, recordLength }));
}

/** Throws MR_BAD_ARGUMENT unless it is an integer of at least 1. */
export function checkRecordLength(operator: string, recordLength: number): void {
  if (Number.isSafeInteger(recordLength) && recordLength >= 1) return;
  throw millraceError("MR_BAD_ARGUMENT", `${operator} needs a record length of at least 1 byte`, {
    operator,
  });
}
