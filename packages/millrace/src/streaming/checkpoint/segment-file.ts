import { readFile } from "../../common/files/read-file.ts";
import type { FileSystem } from "../../common/platform/platform.ts";
import { type BatchEvent, decodeJson, type LogRecord, type SegmentHead } from "./batch-event.ts";
import { damaged } from "./damaged.ts";
import { scanFrames } from "./frames.ts";

/** A segment of the batch log, read. */
export interface ReadSegment {
  /** `undefined` when a crash came before the first record lasted: then nothing of the segment counts. */
  readonly head: SegmentHead | undefined;
  /** The events, each with where its record ends. */
  readonly events: readonly { readonly event: BatchEvent; readonly endBytes: number }[];
  /** Bytes of whole records. */
  readonly lengthBytes: number;
}

/** @throws MR_CHECKPOINT_DAMAGED when it is broken in a way no crash breaks it; MR_PATH_NOT_FOUND, MR_IO */
export async function readSegment(files: FileSystem, path: string): Promise<ReadSegment> {
  const { payloads, ends, tail } = scanFrames(await readFile(files, path));
  const lengthBytes = ends.at(-1) ?? 0;
  if (tail === "damaged") {
    throw damaged(path, `the record at byte ${lengthBytes} does not match its checksum`);
  }
  const [head, ...records] = payloads.map(payload => decodeJson(payload) as LogRecord);
  if (head === undefined) return { head, events: [], lengthBytes: 0 };
  if (head.kind !== "segment") throw damaged(path, "its first record is no head of a segment");
  const events = records.map((event, i) => {
    if (event.kind === "segment") throw damaged(path, "it has two heads");
    return { event, endBytes: ends[i + 1] ?? lengthBytes };
  });
  return { head, events, lengthBytes };
}
