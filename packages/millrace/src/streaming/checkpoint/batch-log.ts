import type { FileSystem, FileWriter } from "../../common/platform/platform.ts";
import { type BatchEvent, encodeJson, type LogRecord, type SegmentEnd } from "./batch-event.ts";
import type { Fence } from "./fence.ts";
import { segmentName } from "./file-names.ts";
import { encodeFrame } from "./frames.ts";

/** An event to write. */
interface WaitingEvent {
  readonly frame: Uint8Array;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Where a new segment is to begin. */
interface WaitingRoll {
  readonly frame: undefined;
  readonly resolve: (segment: number) => void;
  readonly reject: (error: unknown) => void;
}

/** One segment: a file that only grows. */
interface Segment {
  readonly writer: FileWriter;
  readonly segment: number;
  lengthBytes: number;
}

/**
 * Writes the batch log. Whatever waits while a write is under way is written and synced together (group
 * commit). A write that fails fails for good: the segment may end in half a record.
 */
export class BatchLog {
  readonly #files: FileSystem;
  readonly #directory: string;
  readonly #fence: Fence;
  #current: Segment;
  #waiting: (WaitingEvent | WaitingRoll)[] = [];
  #writing: Promise<void> | undefined;
  #broken: { readonly error: unknown } | undefined;

  private constructor(files: FileSystem, directory: string, fence: Fence, current: Segment) {
    this.#files = files;
    this.#directory = directory;
    this.#fence = fence;
    this.#current = current;
  }

  /** Begins the log of a run; `follows` is where the run before ended, `null` when there is none to go on. */
  static async begin(
    files: FileSystem,
    directory: string,
    fence: Fence,
    follows: SegmentEnd | null,
  ): Promise<BatchLog> {
    // What was read of it may be remembered by the system only: from here on it is relied upon, so it has to last.
    if (follows !== null) await syncFile(files, `${directory}/${segmentName(follows.run, follows.segment)}`);
    const first = await openSegment(files, directory, fence.run, 1, follows);
    return new BatchLog(files, directory, fence, first);
  }

  /** The segment that is written now. */
  get segment(): number {
    return this.#current.segment;
  }

  /** Bytes of the segment that is written now. */
  get lengthBytes(): number {
    return this.#current.lengthBytes;
  }

  /** Resolves when the event lasts. @throws MR_IO, MR_CHECKPOINT_FENCED */
  append(event: BatchEvent): Promise<void> {
    const frame = encodeFrame(encodeJson(event));
    return new Promise((resolve, reject) => this.#wait({ frame, resolve, reject }));
  }

  /**
   * Goes on in a new segment: every event appended after this call is in it, every one before it is not. Answers
   * the segment's number. When that fails, the log goes on in the old one.
   */
  roll(): Promise<number> {
    return new Promise((resolve, reject) => this.#wait({ frame: undefined, resolve, reject }));
  }

  /** Waits for what was appended. */
  async close(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
    await this.#current.writer.close();
  }

  #wait(item: WaitingEvent | WaitingRoll): void {
    this.#waiting.push(item);
    this.#writing ??= this.#writeAll();
  }

  async #writeAll(): Promise<void> {
    // Whoever appends in the same turn is written with us.
    await undefined;
    while (this.#waiting.length > 0) {
      const [first] = this.#waiting;
      if (first?.frame === undefined) {
        this.#waiting.shift();
        await this.#openNext().then(first?.resolve, first?.reject);
        continue;
      }
      const roll = this.#waiting.findIndex(({ frame }) => frame === undefined);
      const group = this.#waiting.splice(0, roll < 0 ? this.#waiting.length : roll) as WaitingEvent[];
      await this.#write(group);
    }
    this.#writing = undefined;
  }

  async #write(group: readonly WaitingEvent[]): Promise<void> {
    try {
      if (this.#broken !== undefined) throw this.#broken.error;
      await this.#fence.check();
      const bytes = concat(group.map(({ frame }) => frame));
      const { writer } = this.#current;
      await writer.write(bytes);
      await writer.sync();
      this.#current.lengthBytes += bytes.length;
      for (const { resolve } of group) resolve();
    } catch (error) {
      this.#broken ??= { error };
      for (const { reject } of group) reject(error);
    }
  }

  async #openNext(): Promise<number> {
    if (this.#broken !== undefined) throw this.#broken.error;
    await this.#fence.check();
    const { run } = this.#fence;
    const { segment, lengthBytes, writer } = this.#current;
    const follows = { run, segment, lengthBytes };
    this.#current = await openSegment(this.#files, this.#directory, run, segment + 1, follows);
    await writer.close();
    return this.#current.segment;
  }
}

async function openSegment(
  files: FileSystem,
  directory: string,
  run: number,
  segment: number,
  follows: SegmentEnd | null,
): Promise<Segment> {
  const head: LogRecord = { kind: "segment", run, segment, follows };
  const writer = await files.create(`${directory}/${segmentName(run, segment)}`);
  const frame = encodeFrame(encodeJson(head));
  await writer.write(frame);
  await writer.sync();
  await files.syncDirectory(directory);
  return { writer, segment, lengthBytes: frame.length };
}

async function syncFile(files: FileSystem, path: string): Promise<void> {
  const writer = await files.append(path);
  try {
    await writer.sync();
  } finally {
    await writer.close();
  }
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0] as Uint8Array;
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
