import { expandPaths } from "../common/files/expand-paths.ts";
import type { FileStatus, Platform } from "../common/platform/platform.ts";
import type { SequenceSplit } from "../task/formats/sequence-file/sequence-reader.ts";
import type { WholeFilesSplit } from "../task/readers/whole-file.ts";
import { byteRanges } from "./text-files.ts";

/**
 * Files as records, spread over about `minPartitions` splits of about the same number of bytes, in order of their
 * paths. A file that cannot be opened is met here, not in a task.
 */
export function wholeFileSplits(
  platform: Platform,
  path: string,
  minPartitions: number,
  as: WholeFilesSplit["as"],
): WholeFilesSplit[] {
  const found = openable(platform, path);
  const total = found.reduce((sum, file) => sum + file.sizeBytes, 0);
  const goal = Math.max(1, Math.ceil(total / minPartitions));
  const splits: WholeFilesSplit[] = [];
  let paths: string[] = [];
  let sizeBytes = 0;
  for (const file of found) {
    paths.push(file.path);
    sizeBytes += file.sizeBytes;
    if (sizeBytes < goal) continue;
    splits.push({ paths, as });
    paths = [];
    sizeBytes = 0;
  }
  if (paths.length > 0) splits.push({ paths, as });
  return splits;
}

/** Sequence files cut by byte ranges: readers find the next mark by themselves. */
export function sequenceSplits(platform: Platform, path: string, minPartitions: number): SequenceSplit[] {
  return byteRanges(openable(platform, path), minPartitions, () => true);
}

/** The files behind a path, all of which can be opened. */
export function openable(platform: Platform, path: string): FileStatus[] {
  const found = expandPaths(platform.files, path);
  for (const file of found) platform.files.open(file.path).close();
  return found;
}
