/** What is known of a stage when its job begins. */
export interface PlannedStage {
  readonly stageId: number;
  /** The operation and the user's line, such as `reduceByKey at app.ts:12`. */
  readonly name: string;
  readonly numTasks: number;
  /** The RDD its tasks compute, by the id of its plan node. */
  readonly rddId: number;
  /** The stages whose shuffles it reads. */
  readonly parentIds: readonly number[];
}

/** A stage of a job: tasks of one kind, up to the next shuffle. */
export interface StageInfo extends Omit<PlannedStage, "parentIds"> {
  /** Milliseconds since the epoch. */
  readonly submissionTime: number;
  /** Absent while it runs. */
  readonly completionTime?: number;
  /** What failed, when it did. */
  readonly failureReason?: string;
}

/** A task: one partition of a stage. */
export interface TaskInfo {
  /** Unique in the application. */
  readonly taskId: number;
  /** The partition. */
  readonly index: number;
  /** Counts from 0. */
  readonly attempt: number;
  /** Milliseconds since the epoch: when it got its slot. */
  readonly launchTime: number;
  /** Milliseconds since the epoch; absent while it runs. */
  readonly finishTime?: number;
  /** The slot that ran it: 0 on `local`, the number of the worker thread on `local[n]`. */
  readonly slot: number;
}

/** What a task added to a named accumulator, and its value since. */
export interface AccumulableInfo {
  readonly id: number;
  readonly name: string;
  readonly value: unknown;
}

/** What was set for the jobs of a flow of calls: `spark.jobGroup.id`, `spark.scheduler.pool`, … */
export type JobProperties = Readonly<Record<string, string>>;

/** Something that happened in the engine, told to `SparkListener`s. Times are milliseconds since the epoch. */
export type SparkListenerEvent =
  | {
      readonly kind: "applicationStart";
      readonly appId: string;
      readonly appName: string;
      readonly time: number;
    }
  | { readonly kind: "applicationEnd"; readonly time: number }
  | {
      readonly kind: "jobStart";
      readonly jobId: number;
      readonly time: number;
      /** The action and the user's line. */
      readonly name: string;
      /** The stages it will have, as far as its plan tells; one that another job runs meanwhile is left out then. */
      readonly stages: readonly PlannedStage[];
      readonly properties: JobProperties;
    }
  | {
      readonly kind: "jobEnd";
      readonly jobId: number;
      readonly time: number;
      /** Absent when the job succeeded. */
      readonly error?: Error;
    }
  | {
      readonly kind: "stageSubmitted";
      readonly jobId: number;
      readonly stage: StageInfo;
      readonly properties: JobProperties;
    }
  | {
      readonly kind: "stageCompleted";
      readonly jobId: number;
      readonly stage: StageInfo;
      /** Named accumulators its tasks added to. */
      readonly accumulables: readonly AccumulableInfo[];
    }
  | { readonly kind: "taskStart"; readonly stageId: number; readonly task: TaskInfo }
  | {
      readonly kind: "taskEnd";
      readonly stageId: number;
      readonly task: TaskInfo;
      /** Absent when the task succeeded. */
      readonly error?: Error;
    }
  | { readonly kind: "unpersistRDD"; readonly rddId: number }
  | { readonly kind: "executorAdded"; readonly slot: number; readonly time: number }
  | {
      readonly kind: "executorRemoved";
      readonly slot: number;
      readonly time: number;
      readonly reason: string;
    };

/** The events of one kind. */
export type EventOf<K extends SparkListenerEvent["kind"]> = Extract<SparkListenerEvent, { readonly kind: K }>;

/**
 * Hears of jobs, stages and tasks; give it to `sc.addSparkListener`. Every callback is optional. They are called in
 * order, outside of the code that posts the events; what they throw is logged.
 *
 * ```ts
 * import assert from "node:assert";
 * import { SparkContext, type SparkListener } from "millrace";
 * const sc = new SparkContext("local", "listener");
 * const jobs: string[] = [];
 * const listener: SparkListener = { onJobStart: ({ name }) => void jobs.push(name.split(" ")[0] ?? "") };
 * sc.addSparkListener(listener);
 * await sc.parallelize([1, 2]).count();
 * await sc.stop();
 * assert.deepEqual(jobs, ["count"]);
 * ```
 */
export interface SparkListener {
  onApplicationStart?(event: EventOf<"applicationStart">): void;
  onApplicationEnd?(event: EventOf<"applicationEnd">): void;
  onJobStart?(event: EventOf<"jobStart">): void;
  onJobEnd?(event: EventOf<"jobEnd">): void;
  onStageSubmitted?(event: EventOf<"stageSubmitted">): void;
  onStageCompleted?(event: EventOf<"stageCompleted">): void;
  onTaskStart?(event: EventOf<"taskStart">): void;
  onTaskEnd?(event: EventOf<"taskEnd">): void;
  onUnpersistRDD?(event: EventOf<"unpersistRDD">): void;
  onExecutorAdded?(event: EventOf<"executorAdded">): void;
  onExecutorRemoved?(event: EventOf<"executorRemoved">): void;
  /** Hears of every event, after the callback of its kind. */
  onEvent?(event: SparkListenerEvent): void;
}
