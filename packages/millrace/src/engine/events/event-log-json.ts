import type { PlannedStage, SparkListenerEvent, StageInfo, TaskInfo } from "./events.ts";

/** The Spark whose form of event log this is. */
const FORMAT_VERSION = "3.5.0";
const USER = "millrace";

/** First line of a log. */
export const logStart = { Event: "SparkListenerLogStart", "Spark Version": FORMAT_VERSION };

/** An event as Spark writes it into its event log, so that its history server reads ours. */
export function eventJson(event: SparkListenerEvent): object {
  switch (event.kind) {
    case "applicationStart":
      return {
        Event: "SparkListenerApplicationStart",
        "App Name": event.appName,
        "App ID": event.appId,
        Timestamp: event.time,
        User: USER,
      };
    case "applicationEnd":
      return { Event: "SparkListenerApplicationEnd", Timestamp: event.time };
    case "jobStart":
      return {
        Event: "SparkListenerJobStart",
        "Job ID": event.jobId,
        "Submission Time": event.time,
        "Stage Infos": event.stages.map(plannedJson),
        "Stage IDs": event.stages.map(({ stageId }) => stageId),
        Properties: { "spark.job.description": event.name, ...event.properties },
      };
    case "jobEnd":
      return {
        Event: "SparkListenerJobEnd",
        "Job ID": event.jobId,
        "Completion Time": event.time,
        "Job Result":
          event.error === undefined
            ? { Result: "JobSucceeded" }
            : { Result: "JobFailed", Exception: { Message: event.error.message, "Stack Trace": [] } },
      };
    case "stageSubmitted":
      return {
        Event: "SparkListenerStageSubmitted",
        "Stage Info": stageJson(event.stage),
        Properties: event.properties,
      };
    case "stageCompleted":
      return {
        Event: "SparkListenerStageCompleted",
        "Stage Info": {
          ...stageJson(event.stage),
          Accumulables: event.accumulables.map(({ id, name, value }) => ({
            ID: id,
            Name: name,
            Value: value,
          })),
        },
      };
    case "taskStart":
      return {
        Event: "SparkListenerTaskStart",
        "Stage ID": event.stageId,
        "Stage Attempt ID": 0,
        "Task Info": taskJson(event.task, false),
      };
    case "taskEnd":
      return {
        Event: "SparkListenerTaskEnd",
        "Stage ID": event.stageId,
        "Stage Attempt ID": 0,
        "Task Type": "ResultTask",
        "Task End Reason":
          event.error === undefined
            ? { Reason: "Success" }
            : {
                Reason: "ExceptionFailure",
                "Class Name": event.error.name,
                Description: event.error.message,
                "Stack Trace": [],
                "Full Stack Trace": event.error.stack ?? "",
                "Accumulator Updates": [],
              },
        "Task Info": taskJson(event.task, event.error !== undefined),
      };
    case "unpersistRDD":
      return { Event: "SparkListenerUnpersistRDD", "RDD ID": event.rddId };
    case "executorAdded":
      return {
        Event: "SparkListenerExecutorAdded",
        Timestamp: event.time,
        "Executor ID": String(event.slot),
        "Executor Info": {
          Host: "localhost",
          "Total Cores": 1,
          "Log Urls": {},
          Attributes: {},
          Resources: {},
          "Resource Profile Id": 0,
        },
      };
    case "executorRemoved":
      return {
        Event: "SparkListenerExecutorRemoved",
        Timestamp: event.time,
        "Executor ID": String(event.slot),
        "Removed Reason": event.reason,
      };
  }
}

function plannedJson({ stageId, name, numTasks, parentIds = [] }: Partial<PlannedStage>): object {
  return {
    "Stage ID": stageId,
    "Stage Attempt ID": 0,
    "Stage Name": name,
    "Number of Tasks": numTasks,
    "RDD Info": [],
    "Parent IDs": parentIds,
    Details: "",
    Accumulables: [],
    "Resource Profile Id": 0,
  };
}

function stageJson(stage: StageInfo): object {
  return {
    ...plannedJson(stage),
    "Submission Time": stage.submissionTime,
    "Completion Time": stage.completionTime,
    "Failure Reason": stage.failureReason,
  };
}

function taskJson(task: TaskInfo, hasFailed: boolean): object {
  return {
    "Task ID": task.taskId,
    Index: task.index,
    Attempt: task.attempt,
    "Partition ID": task.index,
    "Launch Time": task.launchTime,
    "Executor ID": String(task.slot),
    Host: "localhost",
    Locality: "PROCESS_LOCAL",
    Speculative: false,
    "Getting Result Time": 0,
    "Finish Time": task.finishTime ?? 0,
    Failed: hasFailed,
    Killed: false,
    Accumulables: [],
  };
}
