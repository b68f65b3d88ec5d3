/** Entry of a worker thread: revives the functions it is sent and runs one task at a time. */
import { parentPort, workerData } from "node:worker_threads";
import { type AnyFunction, reviveClosure } from "../../closure/index.ts";
import { millraceError } from "../../common/errors/index.ts";
import { loadFileSystems, platformWith } from "../../common/files/file-systems.ts";
import { systemPlatform } from "../../common/platform/system/index.ts";
import { builtin } from "../../task/builtins/index.ts";
import { CacheMiss } from "../../task/cached-source.ts";
import { Cancellation } from "../../task/cancellation.ts";
import { encodeForThread } from "../../task/codec/columns.ts";
import { loadClasses } from "../../task/codec/load-classes.ts";
import { createTaskEnvironment, dropNode } from "../../task/environment.ts";
import { closeExecutorLocals } from "../../task/executor-local.ts";
import { blame } from "../../task/operator-error.ts";
import { runTask } from "../../task/run-task.ts";
import { releaseBroadcast } from "../../task/shared/index.ts";
import type { ShuffleBlock } from "../../task/shuffle-block.ts";
import type { TaskFunction, TaskSpec } from "../../task/spec.ts";
import { partitionerFromWire } from "../wire-partitioner.ts";
import { RecentClosures } from "./recent-closures.ts";
import { sharedBytesOf } from "./shared-blocks.ts";
import { toWireFailure } from "./wire-error.ts";
import { toWireResult } from "./wire-result.ts";
import type { FromWorker, ToWorker, WireSink, WireTask, WorkerSettings } from "./worker-protocol.ts";

const port = parentPort;
if (port === null) throw millraceError("MR_INTERNAL", "worker-main runs in a worker thread only");

const settings = workerData as WorkerSettings;
const platform = platformWith(systemPlatform, await loadFileSystems(settings.fileSystems));
const environment = createTaskEnvironment(platform, false, settings.memory);
const functions = new RecentClosures<AnyFunction>();
const running = new Map<number, Cancellation>();

port.on("message", (message: ToWorker) => {
  switch (message.kind) {
    case "run":
      void run(message);
      return;
    case "cancel":
      running.get(message.id)?.cancel(millraceError("MR_JOB_CANCELLED", "the task was cancelled"));
      return;
    case "drop":
      dropNode(environment, message.node);
      return;
    case "releaseBroadcast":
      releaseBroadcast(message.key, message.what);
      return;
    case "leave":
      void closeExecutorLocals().then(() => port.postMessage({ kind: "left" } satisfies FromWorker));
  }
});

type Run = Extract<ToWorker, { readonly kind: "run" }>;

async function run(message: Run): Promise<void> {
  const cancellation = new Cancellation();
  running.set(message.id, cancellation);
  try {
    const task = await functionsOf(message);
    await loadClasses(message.task.input);
    const outcome = await runTask(specOf(message.task, task), environment, cancellation);
    const { sink } = message.task;
    const result =
      sink.kind === "shuffle" ? { result: encodeBlocks(outcome.result, sink) } : toWireResult(outcome.result);
    reply({ ...outcome, kind: "done", id: message.id, ...result });
  } catch (error) {
    if (error instanceof CacheMiss) {
      reply({ kind: "cacheMiss", id: message.id, node: error.node, partition: error.partition });
    } else {
      reply({ kind: "failed", id: message.id, failure: toWireFailure(error) });
    }
  } finally {
    running.delete(message.id);
    systemPlatform.host.releasedShared(sharedBytesOf(message.task.input));
  }
}

function reply(message: Exclude<FromWorker, { readonly kind: "left" }>): void {
  try {
    port?.postMessage(message);
  } catch (cause) {
    // A result that cannot be cloned, such as a function.
    const error = millraceError(
      "MR_RECORD_UNSHIPPABLE",
      `a result cannot leave its thread: ${(cause as Error).message}`,
      { cause },
    );
    port?.postMessage({ kind: "failed", id: message.id, failure: toWireFailure(error) } satisfies FromWorker);
  }
}

/**
 * The functions of a task, in its order. Looking them up keeps `functions` in step with the driver's books, so
 * it happens for one message after the other: the driver sends a task when the one before has ended.
 */
async function functionsOf({ task, closures }: Run): Promise<TaskFunction[]> {
  functions.trim();
  const sent = new Map(closures.map(closure => [closure.hash, closure]));
  const found: TaskFunction[] = [];
  for (const { hash, operator, site } of task.functions) {
    let fn = builtin(hash) ?? functions.use(hash);
    const closure = sent.get(hash);
    if (fn === undefined && closure !== undefined) {
      fn = await reviveClosure(closure);
      functions.add(hash, fn);
    }
    if (fn === undefined) throw millraceError("MR_INTERNAL", `function ${hash} of ${operator} was not sent`);
    found.push({ fn, operator, site });
  }
  return found;
}

function specOf(task: WireTask, revived: readonly TaskFunction[]): TaskSpec {
  const { sink } = task;
  if (sink.kind !== "shuffle") return { ...task, functions: revived, sink };
  return {
    ...task,
    functions: revived,
    sink: { ...sink, partitioner: partitionerFromWire(sink.partitioner, revived) },
  };
}

function encodeBlocks(
  result: unknown,
  { operation }: Extract<WireSink, { kind: "shuffle" }>,
): ShuffleBlock[] {
  try {
    return (result as ShuffleBlock[]).map(block =>
      block.kind === "columns" || block.kind === "records" ? encodeForThread(block) : block,
    );
  } catch (error) {
    throw blame(operation, error);
  }
}
