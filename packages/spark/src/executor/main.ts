/** Entry of the Node process beside a Python worker: runs one task after the other, until its socket ends. */
import { Socket } from "node:net";
import { dirname } from "node:path";
import { deserialize, serialize } from "node:v8";
import { toWireFailure } from "millrace/engine";
import {
  FAILURE_END,
  FAILURE_MARK,
  type Hello,
  KIND_KEPT_UPDATES,
  KIND_UPDATES,
  type Program,
} from "../engine/stage-program.ts";
import { BEGIN, BLOCK, DONE, END, ERROR, FrameReader, FrameWriter } from "./frames.ts";
import { makeReady, type ReceivedBlock, runStage, type TaskPlace } from "./run-stage.ts";

interface Task {
  readonly received: ReceivedBlock[];
  /** To be called when all blocks have come. */
  readonly run: () => Promise<void>;
}

const [, script = "", descriptor] = process.argv;
const socket = new Socket({ fd: Number(descriptor), readable: true, writable: true });
const writer = new FrameWriter(socket);
let task: Task | undefined;

const reader = new FrameReader((type, payload) => {
  switch (type) {
    case BEGIN:
      task = begin(payload);
      return;
    case BLOCK:
      task?.received.push({
        kind: payload.readInt32LE(4),
        sequence: payload.readInt32LE(8),
        bytes: payload.subarray(12),
      });
      return;
    case END:
      if (task !== undefined) void finish(task);
      task = undefined;
  }
});

socket.on("data", bytes => reader.push(bytes));
socket.on("end", () => process.exit(0));
socket.on("error", () => process.exit(1));

function begin(payload: Buffer): Task {
  const program = deserialize(Buffer.from(payload.subarray(12))) as Program;
  const first = program.kind === "stage" ? program.firstTask : 0;
  const place = { task: payload.readInt32LE(4) - first, attempt: payload.readInt32LE(8) };
  const received: ReceivedBlock[] = [];
  return { received, run: prepare(program, place, received) };
}

async function finish({ run }: Task): Promise<void> {
  try {
    await run();
    await writer.write(DONE);
  } catch (error) {
    await writer.write(ERROR, Buffer.from(failureText(error)));
  }
  await writer.flush();
}

/** Begins with what needs no blocks; answers the rest. */
function prepare(
  program: Program,
  place: TaskPlace,
  received: readonly ReceivedBlock[],
): () => Promise<void> {
  switch (program.kind) {
    case "stage": {
      const ready = makeReady(program, place, dirname(script));
      // Nobody waits for it yet, and nobody ever does when Spark gives the task up.
      ready.catch(() => {});
      return async () => runStage(program, place, await ready, received, writer);
    }
    case "route":
      return async () => {
        for (const { kind, sequence, bytes } of received) {
          if (kind === KIND_KEPT_UPDATES) continue;
          for (const target of program.targets[sequence] ?? [])
            await writer.block(target, kind, sequence, bytes);
        }
      };
    case "updates":
      return async () => {
        for (const { kind, sequence, bytes } of received) {
          if (kind === KIND_KEPT_UPDATES) await writer.block(place.task, KIND_UPDATES, sequence, bytes);
        }
      };
    case "hello": {
      const hello: Hello = { node: process.version };
      return () => writer.block(0, 0, 0, serialize(hello));
    }
  }
}

/** Data for the driver first, which must find it in whatever Python and Spark make of it; then for people. */
function failureText(error: unknown): string {
  const data = serialize(toWireFailure(error)).toString("base64");
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${FAILURE_MARK}${data}${FAILURE_END}\n${stack}`;
}
