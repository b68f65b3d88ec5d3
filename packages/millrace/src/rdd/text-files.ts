import { expandPaths } from "../common/files/expand-paths.ts";
import type { FileStatus, Platform } from "../common/platform/platform.ts";
import { isCompressed, type TextSplit } from "../task/readers/text-file.ts";

/** Spark reads local files in pieces of at most this size. */
export const BLOCK_BYTES = 32 * 1024 * 1024;

/**
 * Cuts the files behind `path` into splits by byte range. Files that cannot be opened are met here, not in a task.
 */
export function textSplits(platform: Platform, path: string, minPartitions: number): TextSplit[] {
  const files = expandPaths(platform.files, path);
  for (const file of files) platform.files.open(file.path).close();
  return byteRanges(files, minPartitions, file => !isCompressed(file));
}

/**
 * Byte ranges of about equal size. Their number is a multiple of `minPartitions` when a file is cut at all, so that
 * the slots of the engine finish together.
 */
export function byteRanges(
  files: readonly FileStatus[],
  minPartitions: number,
  canBeCut: (path: string) => boolean,
): { readonly path: string; readonly start: number; readonly end: number }[] {
  const total = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const wanted = Math.max(1, Math.ceil(total / BLOCK_BYTES / minPartitions)) * minPartitions;
  const goal = Math.max(1, Math.ceil(total / wanted));
  return files.flatMap(({ path, sizeBytes }) => {
    const count = canBeCut(path) ? Math.max(1, Math.round(sizeBytes / goal)) : 1;
    return Array.from({ length: count }, (_, i) => ({
      path,
      start: Math.floor((i * sizeBytes) / count),
      end: Math.floor(((i + 1) * sizeBytes) / count),
    }));
  });
}

/** One split per 32 MiB of a file that is known already, as large as it was then. */
export function textSplitsOf({ path, sizeBytes }: FileStatus): TextSplit[] {
  const step = isCompressed(path) ? sizeBytes : BLOCK_BYTES;
  return pieces(sizeBytes, step).map(({ start, end }) => ({ path, start, end }));
}

/** Ranges of `step` bytes, the last one shorter; one empty range of an empty file. */
export function pieces(sizeBytes: number, step: number): { readonly start: number; readonly end: number }[] {
  const count = Math.max(1, Math.ceil(sizeBytes / Math.max(1, step)));
  return Array.from({ length: count }, (_, i) => ({
    start: i * step,
    end: Math.min(sizeBytes, (i + 1) * step),
  }));
}
