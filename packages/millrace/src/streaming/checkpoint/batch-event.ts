/** What the inputs of a batch recorded about what it reads, by the inputs' operator ids. */
export type RecordedInputs = Readonly<Record<string, unknown>>;

/** Where the log went on: the segment before, and how much of it counts. */
export interface SegmentEnd {
  readonly run: number;
  readonly segment: number;
  readonly lengthBytes: number;
}

/** The first record of every segment of the batch log. */
export interface SegmentHead {
  readonly kind: "segment";
  readonly run: number;
  readonly segment: number;
  /** `null` where an application begins anew: what was there before does not belong to it. */
  readonly follows: SegmentEnd | null;
}

/** What happens to batches, as the log records it. */
export type BatchEvent =
  /** The batch is about to run and will read this. */
  | { readonly kind: "begin"; readonly timeMs: number; readonly inputs: RecordedInputs }
  /** All outputs of the batch succeeded. */
  | { readonly kind: "done"; readonly timeMs: number }
  /** The batch failed and was given up: its outputs are described among the dead letters. */
  | { readonly kind: "givenUp"; readonly timeMs: number }
  /** The batches of a down time that are not run, both ends included. */
  | { readonly kind: "skipped"; readonly fromMs: number; readonly toMs: number };

export type LogRecord = SegmentHead | BatchEvent;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** Plain data as bytes. */
export function encodeJson(value: unknown): Uint8Array {
  return encoder.encode(JSON.stringify(value));
}

/** What `encodeJson` was given. Throws when the bytes are no JSON text. */
export function decodeJson(bytes: Uint8Array): unknown {
  return JSON.parse(decoder.decode(bytes));
}
