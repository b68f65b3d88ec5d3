import { type CallSite, withCallSite } from "../../common/call-site.ts";
import { millraceError } from "../../common/errors/index.ts";
import { type Origin, StorageLevel } from "../../plan/index.ts";
import type { RDD } from "../../rdd/index.ts";
import { defaultCheckpointMs } from "./checkpoint-interval.ts";
import type { DStreamGraph } from "./graph.ts";
import type { Operator } from "./operator.ts";
import { stateOf, stateRDD } from "./state-rdd.ts";

/** The longest lineage of a stream that builds on its own results, in slides. */
const slidesBetweenCuts = 10;

/**
 * A stream as the batch machinery sees it: it knows which RDDs it made for which batch times, when to make
 * the next and when to forget the old ones. `DStream` adds the operations users call.
 */
export class StreamNode<T> {
  /** Creation order: parents have smaller numbers. */
  readonly nodeId: number;
  readonly graph: DStreamGraph;
  /** Kind and position among the streams of that kind: what a checkpoint knows it by unless it has a `uid`. */
  readonly positionId: string;
  readonly operator: Operator<T>;
  readonly site: CallSite;
  /** Milliseconds between two RDDs. */
  readonly slideMs: number;
  readonly #generated = new Map<number, RDD<T>>();
  readonly #restored = new WeakSet<RDD<T>>();
  #persisted: Set<RDD<T>> | undefined;
  #storageLevel: StorageLevel;
  #checkpointMs: number | undefined;
  #rememberMs: number | undefined;
  #zeroMs: number | undefined;
  #uid: string | undefined;
  #pinnedMs: number | undefined;

  /** @throws MR_STREAMING_STATE when the context has been started or stopped */
  constructor(graph: DStreamGraph, operator: Operator<T>, site: CallSite) {
    const { nodeId, positionId } = graph.add(operator.kind, site);
    this.nodeId = nodeId;
    this.positionId = positionId;
    this.graph = graph;
    this.operator = operator;
    this.site = site;
    this.slideMs = operator.slideMs;
    this.#storageLevel = operator.storageLevel ?? StorageLevel.NONE;
  }

  /** What its plans say of where they come from. */
  get origin(): Origin {
    return { operator: this.operator.kind, site: this.site };
  }

  get parents(): readonly StreamNode<unknown>[] {
    return this.operator.parents;
  }

  get storageLevel(): StorageLevel {
    return this.#storageLevel;
  }

  /** What a checkpoint knows this stream by: the same in every run of the application. */
  get id(): string {
    return this.#uid ?? this.positionId;
  }

  /**
   * Names this stream for checkpoints, and the streams that the same operation made on the way to it.
   * @throws MR_STREAMING_STATE once the context was started
   */
  setUid(uid: string): void {
    if (this.#zeroMs !== undefined)
      throw this.#tooLate("Cannot name a DStream after its context has started");
    this.#uid = uid;
    for (const parent of this.parents) {
      if (parent.site === this.site) parent.setUid(`${uid}/${parent.operator.kind}`);
    }
  }

  /** Milliseconds between two times at which the stream's records are saved; `undefined` for never. */
  get savesEveryMs(): number | undefined {
    if (this.#checkpointMs !== undefined || this.operator.mustCheckpoint !== true) return this.#checkpointMs;
    return this.operator.defaultCheckpointMs ?? defaultCheckpointMs(this.slideMs);
  }

  /** Whether the records of the batch at `timeMs` are to be saved. */
  isDueForSaving(timeMs: number): boolean {
    const everyMs = this.savesEveryMs;
    return everyMs !== undefined && this.isTimeValid(timeMs) && (timeMs - this.zeroMs) % everyMs === 0;
  }

  /**
   * The streams and batch times whose records make another run independent of what came before `timeMs`: the
   * newest of this stream and, when it takes out of a window what left it, those of its parents in the window.
   */
  recordsToSave(timeMs: number): ReadonlyMap<StreamNode<unknown>, readonly number[]> {
    const newestMs = timeMs - ((timeMs - this.zeroMs) % this.slideMs);
    if (newestMs <= this.zeroMs) return new Map();
    const { mustCheckpoint, windowMs } = this.operator;
    const toSave = new Map<StreamNode<unknown>, readonly number[]>([[this, [newestMs]]]);
    if (mustCheckpoint !== true || windowMs === undefined) return toSave;
    for (const parent of this.parents) {
      const times = [...parent.generatedRDDs.keys()].filter(at => at > newestMs - windowMs && at <= newestMs);
      toSave.set(
        parent,
        times.sort((a, b) => a - b),
      );
    }
    return toSave;
  }

  /** Remembers the RDD of one batch until another is pinned: what the next checkpoint saves is what changed since. */
  pin(timeMs: number): void {
    this.#pinnedMs = timeMs;
  }

  /** Milliseconds between checkpoints, when the user chose an interval. */
  get checkpointMs(): number | undefined {
    return this.#checkpointMs;
  }

  /** Whether a checkpoint directory must be set. */
  get needsCheckpointDir(): boolean {
    return this.operator.mustCheckpoint === true || this.#checkpointMs !== undefined;
  }

  /** Milliseconds for which RDDs are remembered; `undefined` until initialised. */
  get rememberMs(): number | undefined {
    return this.#rememberMs;
  }

  /** The batch times whose RDDs are remembered, with the RDDs. */
  get generatedRDDs(): ReadonlyMap<number, RDD<T>> {
    return this.#generated;
  }

  /**
   * Keeps the RDDs to come at `level`.
   * @throws MR_STREAMING_STARTED once the context was started
   */
  setStorageLevel(level: StorageLevel): void {
    if (this.#zeroMs !== undefined) {
      throw this.#tooLate("Cannot change storage level of a DStream after streaming context has started");
    }
    this.#storageLevel = level;
  }

  /** @throws MR_STREAMING_STARTED once the context was started */
  setCheckpointInterval(intervalMs: number): void {
    if (this.#zeroMs !== undefined) {
      throw this.#tooLate(
        "Cannot change checkpoint interval of a DStream after streaming context has started",
      );
    }
    this.#checkpointMs = intervalMs;
  }

  /** Fixes the zero time, of which all batch times are multiples of the slide away. */
  initialize(zeroMs: number): void {
    if (this.#zeroMs !== undefined && this.#zeroMs !== zeroMs) {
      throw millraceError(
        "MR_STREAMING_STATE",
        `ZeroTime is already initialized to ${this.#zeroMs} ms, cannot initialize it again to ${zeroMs} ms`,
      );
    }
    this.#zeroMs = zeroMs;
    const { operator, slideMs } = this;
    const minimumMs = Math.max(slideMs, operator.minRememberMs ?? 0);
    const checkpointMs = this.#checkpointMs;
    this.remember(checkpointMs !== undefined && minimumMs <= checkpointMs ? 2 * checkpointMs : minimumMs);
  }

  /** Remembers RDDs for at least so long. */
  remember(durationMs: number): void {
    this.#rememberMs = Math.max(this.#rememberMs ?? 0, durationMs);
  }

  /** How long the parents must remember for this stream's sake. */
  get parentRememberMs(): number {
    return (this.#rememberMs ?? 0) + (this.operator.windowMs ?? 0);
  }

  /** Whether this stream has an RDD at `timeMs`: a whole number of slides after the zero time. */
  isTimeValid(timeMs: number): boolean {
    const sinceZeroMs = timeMs - this.zeroMs;
    return sinceZeroMs > 0 && sinceZeroMs % this.slideMs === 0;
  }

  /** @throws MR_STREAMING_NOT_STARTED before the context was started */
  get zeroMs(): number {
    if (this.#zeroMs !== undefined) return this.#zeroMs;
    throw millraceError(
      "MR_STREAMING_NOT_STARTED",
      `The stream of ${this.operator.kind} has not been initialized`,
      { operator: this.operator.kind, site: this.site.text },
    );
  }

  /** The RDD of a batch of an earlier run, from what it saved. */
  restore(timeMs: number, rdd: RDD<T>): void {
    this.#generated.set(timeMs, rdd);
    this.#restored.add(rdd);
  }

  /** The RDD of the batch at `timeMs`, made now unless remembered; `undefined` when there is none. */
  getOrCompute(timeMs: number): RDD<T> | undefined {
    const remembered = this.#generated.get(timeMs);
    if (remembered !== undefined) return remembered;
    if (!this.isTimeValid(timeMs)) return undefined;
    if (this.graph.isSkipped(timeMs)) return this.#whileSkipped(timeMs);
    const rdd = withCallSite(this.site, () => {
      const computed = this.operator.compute(timeMs, this);
      return computed === undefined ? undefined : this.#keep(computed);
    });
    if (rdd !== undefined) this.#generated.set(timeMs, rdd);
    return rdd;
  }

  /** Nothing, but for streams that go on from their own last result: to them no time has passed. */
  #whileSkipped(timeMs: number): RDD<T> | undefined {
    if (this.operator.mustCheckpoint !== true || this.operator.windowMs !== undefined) return undefined;
    let beforeMs = timeMs - this.slideMs;
    while (this.isTimeValid(beforeMs) && this.graph.isSkipped(beforeMs)) beforeMs -= this.slideMs;
    return this.getOrCompute(beforeMs);
  }

  /**
   * Of a stream that builds on its own results, the RDD of the batch at `timeMs` when all of its partitions should be
   * computed now, though no output may ask for all: lineage ends at an RDD only when it is complete.
   */
  dueForCut(timeMs: number): RDD<unknown> | undefined {
    const isDue = (timeMs - this.zeroMs) % (slidesBetweenCuts * this.slideMs) === 0;
    return isDue ? keptPart(this.#generated.get(timeMs)) : undefined;
  }

  /** Forgets the RDDs that nobody can ask for any more once the batch at `timeMs` is done. */
  clearMetadata(timeMs: number): void {
    const oldestMs = Math.min(timeMs - (this.#rememberMs ?? 0), this.#lastCutMs() - 1);
    for (const generatedMs of this.#generated.keys()) {
      // Almost always in order of time; one made late stays until those before it go.
      if (generatedMs > oldestMs) break;
      if (generatedMs === this.#pinnedMs) continue;
      const rdd = this.#generated.get(generatedMs) as RDD<T>;
      this.#generated.delete(generatedMs);
      if (this.#persisted?.delete(rdd) === true && this.graph.unpersistsOldRDDs) keptPart(rdd)?.unpersist();
    }
    this.operator.forget?.(oldestMs);
  }

  /**
   * The last result that stands on its own: those before it are of no use to those after it. When batches
   * fail, no new one is cut, and all since the last one are needed to make up for it.
   */
  #lastCutMs(): number {
    if (this.operator.mustCheckpoint !== true) return Number.POSITIVE_INFINITY;
    let lastMs = Number.NEGATIVE_INFINITY;
    for (const [generatedMs, rdd] of this.#generated) {
      if (this.#restored.has(rdd) || isCut(rdd)) lastMs = Math.max(lastMs, generatedMs);
    }
    return lastMs;
  }

  #keep(computed: RDD<T>): RDD<T> {
    const showsOwnState = this.operator.mustCheckpoint === true && stateOf(computed) !== undefined;
    if (showsOwnState) {
      this.#persisted ??= new Set();
      this.#persisted.add(computed);
      return computed;
    }
    // An RDD that somebody else persisted is theirs to unpersist.
    if (!this.#storageLevel.isValid || computed.getStorageLevel().isValid) return computed;
    const rdd =
      this.operator.mustCheckpoint === true
        ? computed.localCheckpoint()
        : computed.persist(this.#storageLevel);
    this.#persisted ??= new Set();
    this.#persisted.add(rdd);
    return rdd;
  }

  #tooLate(message: string) {
    return millraceError("MR_STREAMING_STARTED", message, {
      operator: this.operator.kind,
      site: this.site.text,
    });
  }
}

/** What is computed and kept for an RDD: itself, or the version of a state that it shows. */
function keptPart(rdd: RDD<unknown> | undefined): RDD<unknown> | undefined {
  const state = stateOf(rdd);
  return rdd === undefined || state === undefined ? rdd : stateRDD(rdd.context, state);
}

/** Whether a result that builds on earlier ones stands on its own by now. */
function isCut(rdd: RDD<unknown>): boolean {
  const { plan } = rdd;
  if (plan.op === "stateView") return plan.state.lineage === undefined;
  return plan.op === "localCheckpoint" && plan.parent === undefined;
}
