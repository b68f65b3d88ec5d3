import { millraceError } from "../../common/errors/index.ts";
import { isHidden, matchPaths } from "../../common/files/expand-paths.ts";
import { isGlob } from "../../common/files/glob.ts";
import type { Logger } from "../../common/log/index.ts";
import type { FileStatus, FileSystem } from "../../common/platform/platform.ts";
import type { RDD, SparkContext } from "../../rdd/index.ts";
import type { InputInfoTracker } from "../scheduler/input-info-tracker.ts";
import { FileSelection } from "./file-selection.ts";
import type { InputSource } from "./input-operator.ts";

/** What a file stream works with. */
export interface FileInputOptions {
  readonly context: SparkContext;
  readonly files: FileSystem;
  readonly inputInfo: InputInfoTracker;
  readonly log: Logger;
  readonly streamId: number;
  /** A directory, or a glob of directories. */
  readonly directory: string;
  /** The time on the context's clock, at which the stream is made. */
  readonly nowMs: number;
  readonly batchMs: number;
  /** Files older than this are never new, in milliseconds. */
  readonly minRememberMs: number;
}

/**
 * The lines of the files that appear in a directory, each file in the batch after it was last changed. Files
 * should appear whole: written elsewhere, or under a name that begins with a dot, and then renamed.
 * @throws MR_PATH_NOT_FOUND when the directory is not there, or is none; a glob may match later
 */
export function textFileInput(options: FileInputOptions): InputSource<string> {
  const { context, files, inputInfo, log, streamId, directory, nowMs, batchMs } = options;
  checkDirectory(files, directory);
  const rememberMs = Math.ceil(options.minRememberMs / batchMs) * batchMs;
  const selection = new FileSelection(nowMs, rememberMs, listFiles(files, directory));
  return {
    title: "File stream",
    minRememberMs: rememberMs,
    compute: timeMs => {
      const paths = selection.select(timeMs, listFilesOrWarn(files, directory, log));
      const metadata = { files: paths, Description: paths.join("\n") };
      inputInfo.report(timeMs, { inputStreamId: streamId, numRecords: 0, metadata });
      return unionOf(
        context,
        paths.map(path => context.textFile(escapeGlob(path))),
      );
    },
    forget: timeMs => selection.forget(timeMs),
  };
}

function unionOf(context: SparkContext, rdds: readonly RDD<string>[]): RDD<string> {
  return rdds.length === 0 ? context.emptyRDD<string>() : context.union(rdds);
}

function checkDirectory(files: FileSystem, directory: string): void {
  if (isGlob(directory)) return;
  const status = matchPaths(files, directory)[0];
  if (status?.isDirectory === true) return;
  const what = status === undefined ? "there is no directory" : "this is a file, not a directory:";
  throw millraceError("MR_PATH_NOT_FOUND", `${what} ${directory}`, {
    operator: "textFileStream",
    hint: "Create the directory before the stream, or give a glob, which may match directories that come later.",
  });
}

function listFilesOrWarn(files: FileSystem, directory: string, log: Logger): readonly FileStatus[] {
  try {
    const found = listFiles(files, directory);
    if (found === undefined) log.warn(`Error finding new files: there is no directory ${directory}`);
    return found ?? [];
  } catch (error) {
    log.warn(`Error finding new files under ${directory}`, error);
    return [];
  }
}

/** `undefined` when there is no such directory. */
function listFiles(files: FileSystem, directory: string): readonly FileStatus[] | undefined {
  const directories = matchPaths(files, directory).filter(status => status.isDirectory);
  if (directories.length === 0) return undefined;
  return directories
    .flatMap(({ path }) => files.listSync(path))
    .filter(file => !file.isDirectory && !isHidden(file.path));
}

/** A file's own name may have characters that would make a path a pattern. */
function escapeGlob(path: string): string {
  return isGlob(path) ? path.replace(/[*?[\]{}\\]/g, "\\$&") : path;
}
