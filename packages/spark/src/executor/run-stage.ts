import { deserialize, serialize } from "node:v8";
import {
  type AnyFunction,
  builtin,
  Cancellation,
  createTaskEnvironment,
  decodeBlock,
  inputParts,
  knownFunction,
  millraceError,
  PartitionCache,
  partitionerFromWire,
  releaseBroadcast,
  reviveClosure,
  runTask,
  type ShuffleBlock,
  systemPlatform,
  type TaskFunction,
  type TaskInput,
  type TaskSpec,
} from "millrace/engine";
import { localModules } from "../engine/module-reference.ts";
import { type PackedClosure, unpackClosure } from "../engine/packed-closure.ts";
import {
  KIND_INPUT,
  KIND_KEPT_UPDATES,
  KIND_RESULT,
  KIND_UPDATES,
  kindOfSlot,
  type Output,
  type StageProgram,
} from "../engine/stage-program.ts";
import type { FrameWriter } from "./frames.ts";
import { inOrder, type Piece, pieceHead, piecesOf, readPiece } from "./pieces.ts";
import { fillSlots } from "./task-input.ts";

/** Which of its stage a task is. */
export interface TaskPlace {
  readonly task: number;
  readonly attempt: number;
}

/** A block as Spark delivered it. */
export interface ReceivedBlock {
  readonly kind: number;
  readonly sequence: number;
  readonly bytes: Buffer;
}

/** Shared by the tasks of this process, but for what is kept: that comes anew with each task. */
const environment = createTaskEnvironment(systemPlatform);

/** What a task has before its blocks arrive. */
export interface ReadyTask {
  readonly functions: readonly TaskFunction[];
  /** Absent when it comes as a block. */
  readonly input: TaskInput | undefined;
}

/** Does what can be done as soon as a task is announced: Spark may still be fetching its blocks. */
export async function makeReady(
  program: StageProgram,
  { task }: TaskPlace,
  directory: string,
): Promise<ReadyTask> {
  for (const key of program.destroyed) releaseBroadcast(key, "destroy");
  const input = program.inputs?.[task];
  return {
    functions: await revived(program, directory),
    // V8 and typed arrays want memory of their own.
    input: input === undefined ? undefined : (deserialize(Buffer.from(input)) as TaskInput),
  };
}

/** Runs one task of a stage on what arrived for it, and writes its output. */
export async function runStage(
  program: StageProgram,
  place: TaskPlace,
  ready: ReadyTask,
  received: readonly ReceivedBlock[],
  writer: FrameWriter,
): Promise<void> {
  const cache = new PartitionCache();
  const input = openInput(program, place, ready.input, received, cache);
  const partition = program.partitions?.[place.task] ?? place.task;
  const { functions } = ready;
  const { sink } = program;
  const spec: TaskSpec = {
    stage: program.stage,
    partition,
    attempt: place.attempt,
    functions,
    input,
    sink:
      sink.kind === "shuffle"
        ? { ...sink, partitioner: partitionerFromWire(sink.partitioner, functions) }
        : sink,
  };
  const { result, updates } = await runTask(spec, { ...environment, cache }, new Cancellation());
  const { output } = program;
  const added = received.filter(({ kind }) => kind === KIND_UPDATES).map(({ bytes }) => bytes);
  if (updates.length > 0) added.push(dataOf(updates));
  for (const bytes of added) await writeUpdates(writer, output, partition, bytes);
  switch (output.kind) {
    case "result":
      return writeResult(writer, place.task, result, sink.kind);
    case "keep":
      return writePieces(writer, output.targets[partition] as number, output.node, partition, {
        kind: "records",
        records: result as unknown[],
      });
    case "scatter": {
      const blocks = result as readonly ShuffleBlock[];
      for (const { reducer, slot, targets } of output.routes) {
        for (const target of targets) {
          await writePieces(writer, target, kindOfSlot(slot), partition, blocks[reducer] as ShuffleBlock);
        }
      }
    }
  }
}

/** Lists of records go as blocks, everything else as V8 serialises it. */
async function writeResult(
  writer: FrameWriter,
  task: number,
  result: unknown,
  sink: StageProgram["sink"]["kind"],
): Promise<void> {
  if (sink === "collect" || sink === "take") {
    return writePieces(writer, task, KIND_RESULT, task, { kind: "records", records: result as unknown[] });
  }
  await writer.block(task, KIND_RESULT, task, pieceHead(0), dataOf(result));
}

/** Updates go where the task's output goes: to one place, however many read it. */
function writeUpdates(
  writer: FrameWriter,
  output: Output,
  partition: number,
  bytes: Uint8Array,
): Promise<void> {
  switch (output.kind) {
    case "result":
      return writer.block(0, KIND_UPDATES, partition, bytes);
    case "keep":
      return writer.block(output.targets[partition] as number, KIND_KEPT_UPDATES, partition, bytes);
    case "scatter":
      return writer.block(output.routes[0]?.targets[0] ?? 0, KIND_UPDATES, partition, bytes);
  }
}

function dataOf(value: unknown): Buffer {
  try {
    return serialize(value);
  } catch (cause) {
    throw millraceError(
      "MR_RECORD_UNSHIPPABLE",
      `a result cannot leave its executor: ${(cause as Error).message}`,
      { cause },
    );
  }
}

async function writePieces(
  writer: FrameWriter,
  target: number,
  kind: number,
  sequence: number,
  block: ShuffleBlock,
): Promise<void> {
  let number = 0;
  for (const piece of piecesOf(block)) {
    await writer.block(target, kind, sequence, pieceHead(number), piece);
    number += 1;
  }
}

function openInput(
  program: StageProgram,
  place: TaskPlace,
  own: TaskInput | undefined,
  received: readonly ReceivedBlock[],
  cache: PartitionCache,
): TaskInput {
  let input = own;
  const shuffled = new Map<number, Piece[]>();
  const kept = new Map<number, Piece[]>();
  for (const { kind, sequence, bytes } of received) {
    if (kind === KIND_INPUT) {
      input = deserialize(Buffer.from(bytes)) as TaskInput;
      continue;
    }
    if (kind === KIND_UPDATES || kind === KIND_KEPT_UPDATES) continue;
    const pieces = kind < 0 ? shuffled : kept;
    const list = pieces.get(kind) ?? [];
    list.push(readPiece(sequence, bytes));
    pieces.set(kind, list);
  }
  if (input === undefined) {
    throw millraceError("MR_INTERNAL", `task ${place.task} of stage ${program.stage} got no input`);
  }
  for (const [node, pieces] of kept) fillCache(cache, node, pieces);
  const blocksOf = (slot: number) => inOrder(shuffled.get(kindOfSlot(slot)) ?? []).map(piece => piece.block);
  return withEmptyKept(fillSlots(input, blocksOf), cache);
}

function fillCache(cache: PartitionCache, node: number, pieces: readonly Piece[]): void {
  const partitions = new Map<number, unknown[]>();
  for (const { sequence, block } of inOrder(pieces)) {
    const plain = decodeBlock(block);
    const records = partitions.get(sequence) ?? [];
    if (plain.kind === "records") for (const record of plain.records) records.push(record);
    partitions.set(sequence, records);
  }
  for (const [partition, records] of partitions) cache.putRecords(node, partition, records);
}

/** A kept partition without records has no blocks: nothing came, and that is all there is. */
function withEmptyKept(input: TaskInput, cache: PartitionCache): TaskInput {
  const visit = (from: TaskInput): void => {
    if (from.op !== "cached" || from.input !== undefined) inputParts(from).forEach(visit);
    else if (!cache.has(from.node, from.partition)) cache.putRecords(from.node, from.partition, []);
  };
  visit(input);
  return input;
}

async function revived(program: StageProgram, directory: string): Promise<TaskFunction[]> {
  const closures = new Map(program.closures.map(closure => [closure.hash, closure]));
  return Promise.all(
    program.functions.map(async ({ hash, operator, site }): Promise<TaskFunction> => {
      const packed = closures.get(hash);
      const fn: AnyFunction | undefined =
        builtin(hash) ?? (await (knownFunction(hash) ?? (packed && revivePacked(packed, directory))));
      if (fn === undefined)
        throw millraceError("MR_INTERNAL", `function ${hash} of ${operator} was not sent`);
      return { fn, operator, site };
    }),
  );
}

async function revivePacked(packed: PackedClosure, directory: string): Promise<AnyFunction> {
  return reviveClosure(localModules(await unpackClosure(packed, directory), directory));
}
