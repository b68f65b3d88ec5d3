import { type CallSite, withCallSite } from "../../common/call-site.ts";
import { millraceError } from "../../common/errors/index.ts";
import type { RDD } from "../../rdd/index.ts";
import type { InputOperator } from "../input/input-operator.ts";
import type { Job } from "../scheduler/job.ts";
import type { OutputOperation } from "./for-each.ts";
import type { StreamNode } from "./stream-node.ts";
import { validateStream } from "./validate-stream.ts";

/** All streams, inputs and outputs of one context. */
export class DStreamGraph {
  /** Milliseconds between two batches. */
  readonly batchMs: number;
  /** Whether RDDs are unpersisted when they are forgotten (`spark.streaming.unpersist`). */
  readonly unpersistsOldRDDs: boolean;
  readonly #assertOpen: (operation: string, site: CallSite) => void;
  readonly #inputs: InputOperator<unknown>[] = [];
  readonly #outputs: OutputOperation[] = [];
  #nodes = 0;
  readonly #kinds = new Map<string, number>();
  #rememberMs: number | undefined;
  #zeroMs: number | undefined;
  /** The streams that outputs need, children before parents; known from the start on. */
  #order: readonly StreamNode<unknown>[] = [];
  /** Those of them that build on their own results. */
  #cut: readonly StreamNode<unknown>[] = [];
  #maxInputRememberMs = 0;
  #isSkipped: (timeMs: number) => boolean = () => false;
  #inputsInUse: ReadonlyMap<string, InputOperator<unknown>> = new Map();
  #inputStreams: ReadonlyMap<string, StreamNode<unknown>> = new Map();

  /** `assertOpen` throws when nothing may be declared any more. */
  constructor(
    batchMs: number,
    unpersistsOldRDDs: boolean,
    assertOpen: (operation: string, site: CallSite) => void,
  ) {
    this.batchMs = batchMs;
    this.unpersistsOldRDDs = unpersistsOldRDDs;
    this.#assertOpen = assertOpen;
  }

  /** Takes a new stream in; answers its number, and its kind with the number among those of its kind. */
  add(kind: string, site: CallSite): { readonly nodeId: number; readonly positionId: string } {
    this.#assertOpen(kind, site);
    this.#nodes += 1;
    const position = (this.#kinds.get(kind) ?? 0) + 1;
    this.#kinds.set(kind, position);
    return { nodeId: this.#nodes, positionId: `${kind}-${position}` };
  }

  addInput(input: InputOperator<unknown>): void {
    this.#inputs.push(input);
  }

  addOutput(output: OutputOperation): void {
    this.#assertOpen(output.operator, output.site);
    this.#outputs.push(output);
  }

  get inputs(): readonly InputOperator<unknown>[] {
    return this.#inputs;
  }

  get outputs(): readonly OutputOperation[] {
    return this.#outputs;
  }

  /** What checkpoints know an output by: its `uid`, or its operator and the position among those of it. */
  outputId(output: OutputOperation): string {
    const alike = this.#outputs.filter(({ operator }) => operator === output.operator);
    return output.uid ?? `${output.operator}-${alike.indexOf(output) + 1}`;
  }

  /** The streams that outputs need, children before parents; none before the start. */
  get streams(): readonly StreamNode<unknown>[] {
    return this.#order;
  }

  /** The time all windows and slides are counted from; `undefined` until started. */
  get zeroMs(): number | undefined {
    return this.#zeroMs;
  }

  /** @throws MR_STREAMING_STATE when it was called before */
  remember(durationMs: number): void {
    if (this.#rememberMs !== undefined) {
      throw millraceError(
        "MR_STREAMING_STATE",
        `Remember duration already set as ${this.#rememberMs} ms. Cannot set it again.`,
      );
    }
    this.#rememberMs = durationMs;
  }

  /** @throws MR_STREAMING_NO_OUTPUT */
  validate(): void {
    if (this.#outputs.length > 0) return;
    throw millraceError("MR_STREAMING_NO_OUTPUT", "No output operations registered, so nothing to execute");
  }

  /**
   * Fixes the zero time and how long every stream remembers, and checks all settings.
   * @throws MR_STREAMING_STATE when started before; MR_STREAMING_DURATION and others when a stream is set up badly
   */
  start(zeroMs: number, checkpointDir: string | undefined): void {
    if (this.#zeroMs !== undefined) {
      throw millraceError("MR_STREAMING_STATE", "DStream graph computation already started");
    }
    this.#zeroMs = zeroMs;
    this.#order = childrenFirst(this.#outputs.map(output => output.parent));
    for (const stream of this.#order) stream.initialize(zeroMs);
    for (const { parent } of this.#outputs) parent.remember(this.#rememberMs ?? parent.slideMs);
    for (const stream of this.#order) {
      for (const parent of stream.parents) parent.remember(stream.parentRememberMs);
    }
    for (const stream of this.#order) {
      validateStream(stream, checkpointDir);
      if (stream.parents.length > 0) continue;
      this.#maxInputRememberMs = Math.max(this.#maxInputRememberMs, stream.rememberMs ?? 0);
    }
    this.#cut = this.#order.filter(({ operator }) => operator.mustCheckpoint === true);
    checkIds(this.#order);
    const inputs = new Set<unknown>(this.#inputs);
    this.#inputStreams = new Map(
      this.#order.filter(({ operator }) => inputs.has(operator)).map(stream => [stream.id, stream]),
    );
    this.#inputsInUse = new Map(
      Array.from(this.#inputStreams, ([id, { operator }]) => [id, operator as InputOperator<unknown>]),
    );
  }

  /** Starts the inputs; what earlier runs recorded has been restored. */
  startInputs(): void {
    for (const input of this.#inputs) input.start?.(this.#zeroMs ?? 0);
  }

  /** Batches of a down time that are not run: no stream has anything then. */
  skip(isSkipped: (timeMs: number) => boolean): void {
    this.#isSkipped = isSkipped;
  }

  isSkipped(timeMs: number): boolean {
    return this.#isSkipped(timeMs);
  }

  /** What the inputs read in the batch at `timeMs`, by the ids of their streams. */
  recordInputs(timeMs: number): Readonly<Record<string, unknown>> {
    const recorded: Record<string, unknown> = {};
    for (const [id, input] of this.#inputsInUse) {
      const data = input.record?.(timeMs);
      if (data !== undefined) recorded[id] = data;
    }
    return recorded;
  }

  /** The inputs that outputs need, by the ids of their streams; none before the start. */
  get inputsInUse(): ReadonlyMap<string, InputOperator<unknown>> {
    return this.#inputsInUse;
  }

  stop(): void {
    for (const input of this.#inputs) input.stop?.();
  }

  /** The jobs of the batch at `timeMs`, numbered by their position. */
  generateJobs(timeMs: number): Job[] {
    const jobs: Job[] = [];
    for (const output of this.#outputs) {
      const job = output.generateJob(timeMs, jobs.length);
      if (job !== undefined) jobs.push(job);
    }
    const last = jobs.at(-1);
    const due = last === undefined ? undefined : this.#dueForCut(timeMs);
    if (last !== undefined && due !== undefined) jobs[jobs.length - 1] = andThenCompute(last, due);
    return jobs;
  }

  #dueForCut(timeMs: number): RDD<unknown>[] | undefined {
    let due: RDD<unknown>[] | undefined;
    for (const stream of this.#cut) {
      const rdd = stream.dueForCut(timeMs);
      if (rdd === undefined) continue;
      due ??= [];
      due.push(rdd);
    }
    return due;
  }

  /** Lets every stream forget what is no longer needed once the batch at `timeMs` is done. */
  clearMetadata(timeMs: number): void {
    for (const stream of this.#order) stream.clearMetadata(timeMs);
  }

  /** How long the data of an input must be kept, in milliseconds; 0 when nothing needs the input. */
  inputRememberMs(id: string): number {
    return this.#inputStreams.get(id)?.rememberMs ?? 0;
  }

  /** How long input data must be kept, in milliseconds: the longest of the inputs in use. */
  get maxInputRememberMs(): number {
    return this.#maxInputRememberMs;
  }
}

function checkIds(streams: readonly StreamNode<unknown>[]): void {
  const byId = new Map<string, StreamNode<unknown>>();
  for (const stream of streams) {
    const other = byId.get(stream.id);
    if (other !== undefined) {
      throw millraceError("MR_STREAMING_CHECKPOINT", `Two streams have the uid ${stream.id}`, {
        operator: stream.operator.kind,
        site: stream.site.text,
        hint: `Give one of them another name: the other is at ${other.site.text}.`,
      });
    }
    byId.set(stream.id, stream);
  }
}

/** A job that also computes what its operation may have left out of `rdds`. */
function andThenCompute(job: Job, rdds: readonly RDD<unknown>[]): Job {
  return {
    ...job,
    run: async () => {
      await job.run();
      for (const rdd of rdds) await withCallSite(job.site, () => rdd.count());
    },
  };
}

/** The given streams and all they are computed from. A parent is made before its children, so numbers tell. */
function childrenFirst(roots: readonly StreamNode<unknown>[]): StreamNode<unknown>[] {
  const found = new Set<StreamNode<unknown>>();
  const open = [...roots];
  for (let stream = open.pop(); stream !== undefined; stream = open.pop()) {
    if (found.has(stream)) continue;
    found.add(stream);
    open.push(...stream.parents);
  }
  return [...found].sort((a, b) => b.nodeId - a.nodeId);
}
