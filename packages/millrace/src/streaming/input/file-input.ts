import { millraceError } from "../../common/errors/index.ts";
import { isHidden, matchPaths } from "../../common/files/expand-paths.ts";
import { isGlob } from "../../common/files/glob.ts";
import type { Logger } from "../../common/log/index.ts";
import type { Clock, FileStatus, FileSystem } from "../../common/platform/platform.ts";
import type { RDD, SparkContext } from "../../rdd/index.ts";
import { FileSelection, type SavedSelection } from "./file-selection.ts";
import type { InputReport, InputSource, RestoredInput } from "./input-operator.ts";

/** What a file stream works with. */
export interface FileInputOptions<T> {
  /** The operation as the user wrote it. */
  readonly operator: string;
  readonly context: SparkContext;
  readonly files: FileSystem;
  readonly report: InputReport;
  readonly log: Logger;
  /** A directory, or a glob of directories. */
  readonly directory: string;
  /** Files it answers `false` for are not read; hidden ones never are. */
  readonly filter: (path: string) => boolean;
  readonly newFilesOnly: boolean;
  /** The records of a file as it was when it was found. */
  readonly read: (file: FileStatus) => RDD<T>;
  /** The time on the context's clock, at which the stream is made. */
  readonly nowMs: number;
  /** For measuring how long a look at the directory takes. */
  readonly stopwatch: Clock;
  readonly batchMs: number;
  /** Files older than this are never new, in milliseconds. */
  readonly minRememberMs: number;
}

/**
 * The files that appear in a directory, each in the batch after it was last changed. Files should appear
 * whole: written elsewhere, or under a name that begins with a dot, and then renamed.
 * @throws MR_PATH_NOT_FOUND when the directory is not there, or is none; a glob may match later
 */
export function fileInput<T>(options: FileInputOptions<T>): InputSource<T> {
  const { context, files, report, log, directory, filter, newFilesOnly, read, nowMs, batchMs } = options;
  checkDirectory(options.operator, files, directory);
  const rememberMs = Math.ceil(options.minRememberMs / batchMs) * batchMs;
  const list = () => listFiles(files, directory)?.filter(({ path }) => filter(path));
  const selection = newFilesOnly
    ? new FileSelection(nowMs, rememberMs, list())
    : new FileSelection(0, rememberMs);
  let lastRestoredMs = Number.NEGATIVE_INFINITY;

  const look = (): readonly FileStatus[] => {
    const startedMs = options.stopwatch.monotonic();
    const found = listOrWarn(list, directory, log);
    const tookMs = Math.round(options.stopwatch.monotonic() - startedMs);
    if (tookMs > batchMs) {
      log.warn(
        `Finding new files in ${directory} took ${tookMs} ms, longer than a batch of ${batchMs} ms: ` +
          "move old files away, or use a longer batch interval",
      );
    }
    return found;
  };

  return {
    title: "File stream",
    minRememberMs: rememberMs,
    compute: timeMs => {
      if (timeMs <= lastRestoredMs) {
        const recorded = selection.takenBy(timeMs);
        for (const file of recorded) checkUnchanged(files, file);
        return unionOf(context, recorded.map(read));
      }
      const { taken, skipped } = selection.select(timeMs, look());
      for (const { path, reason } of skipped) log.info(`${path} is not read: ${reason}`);
      const refused = taken.filter(file => !isReadable(files, file, log));
      selection.giveBack(timeMs, refused);
      const readable = taken.filter(file => !refused.includes(file));
      const rdds = readable.flatMap(file => readOrWarn(file, read, log));
      const paths = readable.map(({ path }) => path);
      report(timeMs, 0, { files: paths, skipped, Description: paths.join("\n") });
      return unionOf(context, rdds);
    },
    forget: timeMs => selection.forget(timeMs),
    record: timeMs => {
      const taken = selection.takenBy(timeMs);
      return taken.length === 0 ? undefined : taken;
    },
    saveState: () => selection.save(),
    restore: (earlier: RestoredInput) => {
      lastRestoredMs = earlier.lastMs;
      const batches = earlier.batches.map(
        ({ timeMs, recorded }) => [timeMs, (recorded ?? []) as readonly FileStatus[]] as const,
      );
      selection.restore((earlier.state as SavedSelection | undefined) ?? selection.save(), batches);
    },
  };
}

function unionOf<T>(context: SparkContext, rdds: readonly RDD<T>[]): RDD<T> {
  return rdds.length === 0 ? context.emptyRDD<T>() : context.union(rdds);
}

function checkDirectory(operator: string, files: FileSystem, directory: string): void {
  if (isGlob(directory)) return;
  const status = matchPaths(files, directory)[0];
  if (status?.isDirectory === true) return;
  const what = status === undefined ? "there is no directory" : "this is a file, not a directory:";
  throw millraceError("MR_PATH_NOT_FOUND", `${what} ${directory}`, {
    operator,
    hint: "Create the directory before the stream, or give a glob, which may match directories that come later.",
  });
}

/** What an earlier run recorded must be there still, and no shorter: more of it is not read. */
function checkUnchanged(files: FileSystem, { path, sizeBytes }: FileStatus): void {
  const now = files.statSync(path);
  if (now !== undefined && now.sizeBytes >= sizeBytes) return;
  const what = now === undefined ? "is gone" : `has ${now.sizeBytes} bytes only`;
  throw millraceError(
    "MR_PATH_NOT_FOUND",
    `${path} ${what}: it had ${sizeBytes} bytes when it was first read`,
    {
      hint: "Batches that run again read the same files: keep these as long as the stream remembers them.",
    },
  );
}

/** A file the reader cannot make sense of is left out. */
function readOrWarn<T>(file: FileStatus, read: (file: FileStatus) => RDD<T>, log: Logger): RDD<T>[] {
  try {
    return [read(file)];
  } catch (error) {
    log.warn(`Error reading ${file.path}: it is left out`, error);
    return [];
  }
}

/** A file that went since, or may not be read, is met here and not in a task: it must not fail its batch. */
function isReadable(files: FileSystem, { path }: FileStatus, log: Logger): boolean {
  try {
    files.open(path).close();
    return true;
  } catch (error) {
    log.warn(`Error reading ${path}: it is left out, the next batch tries again`, error);
    return false;
  }
}

function listOrWarn(
  list: () => readonly FileStatus[] | undefined,
  directory: string,
  log: Logger,
): readonly FileStatus[] {
  try {
    const found = list();
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
