import { millraceError } from "../../common/errors/index.ts";
import type { StreamInputInfo } from "./batch-info.ts";

const nothing: ReadonlyMap<number, StreamInputInfo> = new Map();

/** What the input streams reported for the batches that are still remembered. */
export class InputInfoTracker {
  readonly #batches = new Map<number, Map<number, StreamInputInfo>>();

  /**
   * Records what one input stream read for the batch at `timeMs`.
   * @throws MR_BAD_ARGUMENT when `numRecords` is negative.
   * @throws MR_STREAMING_STATE when the stream reported for this batch before.
   */
  report(timeMs: number, info: StreamInputInfo): void {
    if (!(info.numRecords >= 0)) {
      throw millraceError("MR_BAD_ARGUMENT", `numRecords must not be negative, got ${info.numRecords}`);
    }
    let batch = this.#batches.get(timeMs);
    if (batch === undefined) {
      batch = new Map();
      this.#batches.set(timeMs, batch);
    }
    if (batch.has(info.inputStreamId)) {
      throw millraceError(
        "MR_STREAMING_STATE",
        `Input stream ${info.inputStreamId} for batch ${timeMs} ms is already added`,
        { hint: "An input stream reports once per batch." },
      );
    }
    const description = info.metadata["Description"];
    batch.set(info.inputStreamId, {
      ...info,
      metadataDescription: description === undefined ? undefined : String(description),
    });
  }

  /** What was reported for a batch, by input stream id. */
  get(timeMs: number): ReadonlyMap<number, StreamInputInfo> {
    return this.#batches.get(timeMs) ?? nothing;
  }

  /** Forgets the batches before `thresholdMs`. */
  cleanup(thresholdMs: number): void {
    for (const timeMs of this.#batches.keys()) {
      if (timeMs < thresholdMs) this.#batches.delete(timeMs);
    }
  }
}
