export { encodeRecords } from "../rdd/index.ts";
export type { SupervisorStrategy } from "./actor/actor-receiver.ts";
export type { ActorRef } from "./actor/actor-ref.ts";
export { StreamActor } from "./actor/stream-actor.ts";
export {
  type CheckpointDescription,
  type DescribedCheckpoint,
  type DescribedStream,
  describeCheckpoint,
} from "./checkpoint/describe-checkpoint.ts";
export { removeCheckpoint } from "./checkpoint/remove-checkpoint.ts";
export type { StreamingContextOptions } from "./context-arguments.ts";
export { DStream, MapWithStateDStream } from "./dstream/dstream.ts";
export type { Operator } from "./dstream/operator.ts";
export type { StreamSaveOptions } from "./dstream/output-operations.ts";
export type { StateMigration } from "./dstream/state-form.ts";
export type { UpdateStateOptions } from "./dstream/state-operations.ts";
export { type InitialStates, StateSpec, type StateSpecOptions } from "./dstream/state-spec.ts";
export type { StreamNode } from "./dstream/stream-node.ts";
export type { WindowOptions } from "./dstream/window-operations.ts";
export type { FileStreamOptions, FileStreamReader } from "./file-inputs.ts";
export type { SkippedFile } from "./input/file-selection.ts";
export type { InputReport, InputSource } from "./input/input-operator.ts";
export type { QueueItem } from "./input/queue-input.ts";
export { StatsReportListener } from "./listener/stats-report-listener.ts";
export type { SocketConverter } from "./receiver/converted-socket-receiver.ts";
export {
  type RawTextSender,
  type RawTextSenderOptions,
  startRawTextSender,
} from "./receiver/raw-text-sender.ts";
export { Receiver } from "./receiver/receiver.ts";
export { type Lines, TextLines } from "./receiver/text-lines.ts";
export type { BatchInfo, OutputOperationInfo, StreamInputInfo } from "./scheduler/batch-info.ts";
export type { ReceiverInfo, StreamingEvent, StreamingListener } from "./scheduler/streaming-listener.ts";
export { type FileSinkOptions, fileSink } from "./sink/files/file-sink.ts";
export type { CommitParticipant, Sink, SinkBatch, SinkRun } from "./sink/sink.ts";
export { type SqliteSinkOptions, sqliteSink } from "./sink/sqlite/sqlite-sink.ts";
export { WrittenBatches, type WrittenBatchesData } from "./sink/written-batches.ts";
export {
  type RecoveryOptions,
  type StopOptions,
  StreamingContext,
  type StreamingContextState,
} from "./streaming-context.ts";
