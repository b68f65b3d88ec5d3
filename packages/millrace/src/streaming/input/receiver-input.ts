import type { SparkContext } from "../../rdd/index.ts";
import type { ReceivedBlock } from "../receiver/received-block.ts";
import type { RecordedBlocks } from "../receiver/recorded-blocks.ts";
import type { InputInfoTracker } from "../scheduler/input-info-tracker.ts";
import type { InputSource, RestoredInput } from "./input-operator.ts";

/** Where the blocks of a batch and the reports about them go. */
export interface ReceiverBooks {
  readonly inputInfo: InputInfoTracker;
  blocksOf(timeMs: number, streamId: number): readonly ReceivedBlock[];
  updateRate(streamId: number, recordsPerSecond: number): void;
  /** What to record about the batch at a time, or until now; `undefined` when blocks are not logged. */
  record(streamId: number, timeMs?: number): RecordedBlocks | undefined;
  restore(streamId: number, state: RecordedBlocks | undefined, earlier: RestoredInput): void;
}

/** The blocks a receiver stored, one partition each. */
export function receiverInput<T>(
  context: SparkContext,
  streamId: number,
  books: ReceiverBooks,
  title: string,
): InputSource<T> {
  return {
    title,
    setRate: rate => books.updateRate(streamId, rate),
    record: timeMs => books.record(streamId, timeMs),
    saveState: () => books.record(streamId),
    restore: earlier => books.restore(streamId, earlier.state as RecordedBlocks | undefined, earlier),
    compute: timeMs => {
      const received = books.blocksOf(timeMs, streamId);
      let numRecords = 0;
      for (const block of received) numRecords += block.numRecords ?? 0;
      books.inputInfo.report(timeMs, { inputStreamId: streamId, numRecords, metadata: metadataOf(received) });
      return context.blocks<T>(received.map(({ block }) => block));
    },
  };
}

/** The last block that says something wins, key by key. */
function metadataOf(received: readonly ReceivedBlock[]): Readonly<Record<string, unknown>> {
  return Object.assign({}, ...received.map(({ metadata }) => metadata));
}
