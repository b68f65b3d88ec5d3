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
import { type ReceivedBlock, runStage, type TaskPlace } from "./run-stage.ts";

interface Task {
  readonly place: TaskPlace;
  readonly program: Program;
  readonly received: (ReceivedBlock & { readonly partition: number })[];
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
        partition: payload.readInt32LE(0),
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
  return { place, program, received: [] };
}

async function finish({ program, place, received }: Task): Promise<void> {
  try {
    await run(program, place, received);
    await writer.write(DONE);
  } catch (error) {
    await writer.write(ERROR, Buffer.from(failureText(error)));
  }
  await writer.flush();
}

async function run(program: Program, place: TaskPlace, received: Task["received"]): Promise<void> {
  switch (program.kind) {
    case "stage":
      return runStage(program, place, received, dirname(script), writer);
    case "route":
      for (const { kind, sequence, bytes } of received) {
        if (kind === KIND_KEPT_UPDATES) continue;
        for (const target of program.targets[sequence] ?? [])
          await writer.block(target, kind, sequence, bytes);
      }
      return;
    case "updates":
      for (const { kind, sequence, bytes } of received) {
        if (kind === KIND_KEPT_UPDATES) await writer.block(place.task, KIND_UPDATES, sequence, bytes);
      }
      return;
    case "hello": {
      const hello: Hello = { node: process.version };
      return writer.block(0, 0, 0, serialize(hello));
    }
  }
}

/** Data for the driver first, which must find it in whatever Python and Spark make of it; then for people. */
function failureText(error: unknown): string {
  const data = serialize(toWireFailure(error)).toString("base64");
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${FAILURE_MARK}${data}${FAILURE_END}\n${stack}`;
}
