/** A checkpoint file: `checkpoint-<time of the newest batch, ms>.<run>.<segment>`. */
export interface SnapshotName {
  readonly name: string;
  readonly timeMs: number;
  readonly run: number;
  readonly segment: number;
}

/** A segment of the batch log: `batches-<run>.<segment>`. */
export interface SegmentName {
  readonly name: string;
  readonly run: number;
  readonly segment: number;
}

export function snapshotName(timeMs: number, run: number, segment: number): string {
  return `checkpoint-${timeMs}.${run}.${segment}`;
}

export function segmentName(run: number, segment: number): string {
  return `batches-${run}.${segment}`;
}

/** A file of saved records: `records-<batch time, ms>.<run>.<number>`. */
export function recordsName(timeMs: number, run: number, number: number): string {
  return `records-${timeMs}.${run}.${number}`;
}

export function parseSnapshotName(name: string): SnapshotName | undefined {
  const [, timeMs, run, segment] = /^checkpoint-(\d+)\.(\d+)\.(\d+)$/.exec(name) ?? [];
  if (segment === undefined) return undefined;
  return { name, timeMs: Number(timeMs), run: Number(run), segment: Number(segment) };
}

export function parseSegmentName(name: string): SegmentName | undefined {
  const [, run, segment] = /^batches-(\d+)\.(\d+)$/.exec(name) ?? [];
  return segment === undefined ? undefined : { name, run: Number(run), segment: Number(segment) };
}

export function isRecordsName(name: string): boolean {
  return /^records-\d+\.\d+\.\d+$/.test(name);
}

/** What an interrupted write left behind. */
export function isTemporaryName(name: string): boolean {
  return /^\.(checkpoint|fence).*\.tmp$/.test(name);
}

/** The order in which files were begun. */
export function byAge(
  a: { readonly run: number; readonly segment: number },
  b: { readonly run: number; readonly segment: number },
): number {
  return a.run - b.run || a.segment - b.segment;
}
