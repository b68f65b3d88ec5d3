import type { FileSystem } from "../../common/platform/platform.ts";

/** A file of a log: `log-<time of its first record>-<time after which it takes no more>`, in ms. */
export interface LogFile {
  readonly path: string;
  readonly startMs: number;
  readonly stopMs: number;
}

export function logFile(directory: string, startMs: number, rollingIntervalMs: number): LogFile {
  const stopMs = startMs + rollingIntervalMs;
  return { path: `${directory}/log-${startMs}-${stopMs}`, startMs, stopMs };
}

/** The files of the log in a directory, oldest first; none when there is no directory. */
export async function listLogFiles(files: FileSystem, directory: string): Promise<LogFile[]> {
  if ((await files.stat(directory)) === undefined) return [];
  const found: LogFile[] = [];
  for (const { path } of await files.list(directory)) {
    const [, start, stop] = /\/log-(\d+)-(\d+)$/.exec(path) ?? [];
    if (stop !== undefined) found.push({ path, startMs: Number(start), stopMs: Number(stop) });
  }
  return found.sort((a, b) => a.startMs - b.startMs || a.stopMs - b.stopMs);
}
