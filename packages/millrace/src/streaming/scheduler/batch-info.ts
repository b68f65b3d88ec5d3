import type { Time } from "../../common/time/index.ts";

/** What an input stream says about the data of one batch. */
export interface StreamInputInfo {
  readonly inputStreamId: number;
  /** Records of the batch, at least 0; sources that do not count, such as files, report 0. */
  readonly numRecords: number;
  /** More about the input; `Description` is what a user interface shows. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** `Description` as a text; `undefined` without one. */
  readonly metadataDescription?: string | undefined;
}

/** One output operation of one batch. */
export interface OutputOperationInfo {
  readonly batchTime: Time;
  /** Position among the jobs of its batch. */
  readonly id: number;
  /** The operation and where it was declared, short: `print at word-count.ts:12`. */
  readonly name: string;
  /** The same with the whole path. */
  readonly description: string;
  /** Milliseconds since the epoch; `undefined` until it starts. */
  readonly startTime: number | undefined;
  /** Milliseconds since the epoch; `undefined` until it ends. */
  readonly endTime: number | undefined;
  /** Message and stack of what it threw; `undefined` when it went well. */
  readonly failureReason: string | undefined;
  /** Milliseconds from start to end; `undefined` until it ends. */
  readonly duration: number | undefined;
}

/** What is known about a batch at one moment of its life. Times and delays are in milliseconds. */
export interface BatchInfo {
  readonly batchTime: Time;
  readonly streamIdToInputInfo: ReadonlyMap<number, StreamInputInfo>;
  /** When its jobs were handed to the scheduler. */
  readonly submissionTime: number;
  /** When its first job started. */
  readonly processingStartTime: number | undefined;
  /** When its last job ended. */
  readonly processingEndTime: number | undefined;
  readonly outputOperationInfos: ReadonlyMap<number, OutputOperationInfo>;
  /** From submission to the start of the first job. */
  readonly schedulingDelay: number | undefined;
  /** From the start of the first job to the end of the last. */
  readonly processingDelay: number | undefined;
  /** The sum of both delays. */
  readonly totalDelay: number | undefined;
  /** Records of all inputs. */
  readonly numRecords: number;
}
