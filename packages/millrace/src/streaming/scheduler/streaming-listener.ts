import type { BatchInfo, OutputOperationInfo } from "./batch-info.ts";

/** A receiver as its tracker sees it. */
export interface ReceiverInfo {
  readonly streamId: number;
  /** `<Type>-<streamId>`, such as `SocketReceiver-0`. */
  readonly name: string;
  readonly active: boolean;
  /** The host it runs on. */
  readonly location: string;
  readonly executorId: string;
  readonly lastErrorMessage: string;
  /** The stack of the last error, or an empty string. */
  readonly lastError: string;
  /** Milliseconds since the epoch; −1 when there was none. */
  readonly lastErrorTime: number;
}

/** Everything that happens in a streaming application, in the order in which it happens. */
export type StreamingEvent =
  | { readonly kind: "streamingStarted"; readonly time: number }
  | { readonly kind: "receiverStarted"; readonly receiverInfo: ReceiverInfo }
  | { readonly kind: "receiverError"; readonly receiverInfo: ReceiverInfo }
  | { readonly kind: "receiverStopped"; readonly receiverInfo: ReceiverInfo }
  | { readonly kind: "batchSubmitted"; readonly batchInfo: BatchInfo }
  | { readonly kind: "batchStarted"; readonly batchInfo: BatchInfo }
  | { readonly kind: "batchCompleted"; readonly batchInfo: BatchInfo }
  | { readonly kind: "outputOperationStarted"; readonly outputOperationInfo: OutputOperationInfo }
  | { readonly kind: "outputOperationCompleted"; readonly outputOperationInfo: OutputOperationInfo };

/**
 * Is told what happens in a `StreamingContext`; implement the callbacks you need. They are called in order,
 * soon after the event, never inside the code that caused it. What a callback throws is logged.
 * A failed batch is completed too: look at `failureReason` of its output operations.
 *
 * ```ts
 * import { Milliseconds, StreamingContext, type StreamingListener } from "millrace";
 * import assert from "node:assert";
 * const ssc = new StreamingContext("local", "listening", Milliseconds(20));
 * let records = 0;
 * const done = Promise.withResolvers<void>();
 * const listener: StreamingListener = {
 *   onBatchCompleted({ batchInfo }) {
 *     records += batchInfo.numRecords;
 *     done.resolve();
 *   },
 * };
 * ssc.addStreamingListener(listener);
 * ssc.queueStream([[1, 2, 3]]).foreachRDD(rdd => rdd.count());
 * await ssc.start();
 * await done.promise;
 * await ssc.stop();
 * assert.equal(records, 0); // queue streams do not count
 * ```
 */
export interface StreamingListener {
  /** The context started, at `time` (milliseconds since the epoch). */
  onStreamingStarted?(event: { readonly time: number }): void;
  /** A receiver started, for the first time or again. */
  onReceiverStarted?(event: { readonly receiverInfo: ReceiverInfo }): void;
  /** A receiver reported an error and goes on. */
  onReceiverError?(event: { readonly receiverInfo: ReceiverInfo }): void;
  /** A receiver stopped. */
  onReceiverStopped?(event: { readonly receiverInfo: ReceiverInfo }): void;
  /** The jobs of a batch were handed to the scheduler. */
  onBatchSubmitted?(event: { readonly batchInfo: BatchInfo }): void;
  /** The first job of a batch started. */
  onBatchStarted?(event: { readonly batchInfo: BatchInfo }): void;
  /** The last job of a batch ended. */
  onBatchCompleted?(event: { readonly batchInfo: BatchInfo }): void;
  /** A job of a batch started. */
  onOutputOperationStarted?(event: { readonly outputOperationInfo: OutputOperationInfo }): void;
  /** A job of a batch ended, well or not. */
  onOutputOperationCompleted?(event: { readonly outputOperationInfo: OutputOperationInfo }): void;
}
