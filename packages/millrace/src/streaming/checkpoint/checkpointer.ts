import type { SparkConf } from "../../common/conf/index.ts";
import type { Logger } from "../../common/log/index.ts";
import type { Platform } from "../../common/platform/platform.ts";
import type { SparkContext } from "../../rdd/index.ts";
import type { DStreamGraph } from "../dstream/graph.ts";
import { stateOf } from "../dstream/state-rdd.ts";
import type { StreamNode } from "../dstream/stream-node.ts";
import type { RecordedInputs } from "./batch-event.ts";
import type { BatchHistory } from "./batch-history.ts";
import type { BatchLog } from "./batch-log.ts";
import { cleanCheckpoint, keptSnapshots } from "./clean-checkpoint.ts";
import type { Fence } from "./fence.ts";
import { recordsName } from "./file-names.ts";
import { recordedConf } from "./recorded-conf.ts";
import { saveRecords, saveState } from "./saved-records.ts";
import { checkpointFormat, type SavedOperator, type SavedRecords, type Snapshot } from "./snapshot.ts";
import { writeSnapshot } from "./snapshot-file.ts";

/** A log as long as this is folded into a checkpoint file, in bytes. */
const longLogBytes = 256 << 10;

/** What a checkpointer works with. */
export interface CheckpointerOptions {
  readonly directory: string;
  readonly fence: Fence;
  readonly log: BatchLog;
  readonly history: BatchHistory;
  /** Whether this run goes on with no other. */
  readonly isFresh: boolean;
  /** The checkpoint file that was loaded, if any. */
  readonly known: ReadonlyMap<string, Snapshot>;
  /** What the checkpoint that was loaded knows about streams. */
  readonly saved: readonly SavedOperator[];
  readonly graph: DStreamGraph;
  readonly context: SparkContext;
  readonly platform: Platform;
  readonly conf: SparkConf;
  readonly logger: Logger;
}

/**
 * Writes down what a run does: each batch before it runs and when it is done, and from time to time a checkpoint
 * file with the records of the streams that need them.
 */
export class Checkpointer {
  readonly history: BatchHistory;
  /** Told when batches that were held may be forgotten. */
  onReleased: (() => void) | undefined;
  readonly #options: CheckpointerOptions;
  /** The saved records of each stream, oldest first. */
  readonly #records = new Map<string, readonly SavedRecords[]>();
  /** Of each checkpoint file that is kept: the batch from which on streams would be computed again. */
  #neededBy: readonly number[] = [];
  /** Checkpoint files that are kept, as far as they are known without reading them. */
  #known: ReadonlyMap<string, Snapshot>;
  #files = 0;
  readonly #warnedOf = new Set<string>();
  #savingMs: number | undefined;
  #saving: Promise<void> = Promise.resolve();
  /** The newest batch whose streams wait to be saved. */
  #wanted: { readonly timeMs: number; readonly streams: Set<StreamNode<unknown>> } | undefined;

  constructor(options: CheckpointerOptions) {
    this.#options = options;
    this.history = options.history;
    this.#known = options.known;
    for (const { id, records } of options.saved) this.#records.set(id, records);
  }

  /** Resolves when it is recorded that the batch will read `inputs`. */
  begin(timeMs: number, inputs: RecordedInputs): Promise<void> {
    return this.#append({ kind: "begin", timeMs, inputs });
  }

  /** Resolves when it is recorded that all outputs of the batch succeeded. */
  done(timeMs: number): Promise<void> {
    return this.#append({ kind: "done", timeMs });
  }

  /** Resolves when it is recorded that the batch failed for good. */
  givenUp(timeMs: number): Promise<void> {
    return this.#append({ kind: "givenUp", timeMs });
  }

  /** Resolves when it is recorded that the batches from one time to another are not run. */
  skipped(fromMs: number, toMs: number): Promise<void> {
    return this.#append({ kind: "skipped", fromMs, toMs });
  }

  /** Batches from this time on must not be forgotten: their records are being saved. */
  get heldMs(): number {
    return this.#savingMs ?? Number.POSITIVE_INFINITY;
  }

  /**
   * A run that begins with any checkpoint file that is kept may compute batches from this time on again, and reads
   * what they read.
   */
  get neededMs(): number {
    const { open, lastMs } = this.history;
    return Math.min(open[0] ?? lastMs ?? Number.NEGATIVE_INFINITY, ...this.#neededBy);
  }

  /** The batch at `timeMs` is done: saves what is due, without anybody waiting. */
  batchDone(timeMs: number): void {
    const { graph, log } = this.#options;
    const due = graph.streams.filter(stream => stream.isDueForSaving(timeMs));
    if (due.length > 0 || log.lengthBytes > longLogBytes) this.#want(timeMs, due);
  }

  /** Writes the checkpoint file a run begins with, before any event. @throws MR_IO, MR_CHECKPOINT_FENCED */
  async writeFirstFile(): Promise<void> {
    const { log } = this.#options;
    await this.#writeSnapshot({ ...this.#snapshot(), segment: log.segment });
  }

  /** Writes a checkpoint file of what is known now. @throws MR_IO, MR_CHECKPOINT_FENCED */
  async writeFile(): Promise<void> {
    const { log } = this.#options;
    // Nothing may happen in between: what is appended next is in the new segment and not in the snapshot.
    const snapshot = this.#snapshot();
    const segment = await log.roll();
    await this.#writeSnapshot({ ...snapshot, segment });
  }

  async #writeSnapshot(snapshot: Snapshot): Promise<void> {
    const { platform, directory, fence } = this.#options;
    await fence.check();
    const name = await writeSnapshot(platform.files, directory, snapshot);
    const known = new Map([...this.#known, [name, snapshot]]);
    this.#known = await cleanCheckpoint(platform.files, directory, known);
    this.#neededBy = [...this.#neededBy, neededBy(snapshot)].slice(-keptSnapshots);
  }

  /**
   * Ends the log. With `savesAll`, which needs every batch to be done, a new run will not even have to look at the
   * input of earlier batches.
   */
  async close(savesAll: boolean): Promise<void> {
    const { graph, log, logger } = this.#options;
    const { lastMs } = this.history;
    await this.#saving;
    if (savesAll && lastMs !== undefined) {
      const stateful = graph.streams.filter(stream => stream.savesEveryMs !== undefined);
      await this.#save(lastMs, stateful).catch(error => logger.warn("The last checkpoint failed", error));
    }
    await log.close();
  }

  #append(event: Parameters<BatchLog["append"]>[0]): Promise<void> {
    this.history.apply(event);
    return this.#options.log.append(event);
  }

  #want(timeMs: number, due: readonly StreamNode<unknown>[]): void {
    const streams = this.#wanted?.streams ?? new Set();
    for (const stream of due) streams.add(stream);
    this.#wanted = { timeMs, streams };
    if (this.#savingMs === undefined) this.#saving = this.#saveWanted();
  }

  async #saveWanted(): Promise<void> {
    for (let next = this.#wanted; next !== undefined; next = this.#wanted) {
      this.#wanted = undefined;
      this.#savingMs = next.timeMs;
      try {
        await this.#save(next.timeMs, [...next.streams]);
      } catch (error) {
        // The log goes on, so nothing is lost: the next checkpoint will hold it.
        this.#options.logger.warn(`The checkpoint of the batch at ${next.timeMs} ms failed`, error);
      }
    }
    this.#savingMs = undefined;
    this.onReleased?.();
  }

  /** Resolves when nothing is being saved. */
  get saved(): Promise<void> {
    return this.#saving;
  }

  async #save(timeMs: number, streams: readonly StreamNode<unknown>[]): Promise<void> {
    const { platform, directory, graph } = this.#options;
    const wanted = new Map<StreamNode<unknown>, Set<number>>();
    for (const stream of streams) {
      for (const [toSave, times] of stream.recordsToSave(timeMs)) {
        wanted.set(toSave, new Set([...(wanted.get(toSave) ?? []), ...times]));
      }
    }
    const records = new Map<string, readonly SavedRecords[]>();
    for (const [stream, times] of wanted) records.set(stream.id, await this.#saveStream(stream, times));
    if (records.size > 0) await platform.files.syncDirectory(directory);
    for (const [id, saved] of records) this.#records.set(id, saved);
    for (const stream of streams) stream.pin(this.#records.get(stream.id)?.at(-1)?.timeMs ?? timeMs);
    this.history.forget(this.#oldestNeededMs(), graph);
    await this.writeFile();
  }

  /** Saves what is not saved yet. Of what was saved before, that stays which windows may look back at. */
  async #saveStream(
    stream: StreamNode<unknown>,
    times: ReadonlySet<number>,
  ): Promise<readonly SavedRecords[]> {
    const oldestMs = Math.max(...times) - (stream.rememberMs ?? 0);
    const saved = (this.#records.get(stream.id) ?? []).filter(({ timeMs }) => timeMs > oldestMs);
    for (const timeMs of times) {
      if (saved.some(record => record.timeMs === timeMs)) continue;
      saved.push(await this.#saveBatch(stream, timeMs));
    }
    return saved.sort((one, other) => one.timeMs - other.timeMs);
  }

  async #saveBatch(stream: StreamNode<unknown>, timeMs: number): Promise<SavedRecords> {
    const { context, platform, directory, fence } = this.#options;
    const rdd = stream.generatedRDDs.get(timeMs);
    if (rdd === undefined) return { timeMs, file: null, numPartitions: 0, partitioner: null };
    this.#files += 1;
    const file = recordsName(timeMs, fence.run, this.#files);
    const to = { context, files: platform.files, directory, file };
    const state = stream.operator.restoreState === undefined ? undefined : stateOf(rdd);
    if (state === undefined) return saveRecords(to, timeMs, rdd);
    const records = this.#records.get(stream.id)?.at(-1);
    const version = records === undefined ? undefined : stateOf(stream.generatedRDDs.get(records.timeMs));
    const stateVersion = stream.operator.stateForm?.version ?? 0;
    const onInstances = (className: string): void => this.#warnOfInstances(stream, className);
    return saveState(to, timeMs, state, { records, version }, { run: fence.run, stateVersion, onInstances });
  }

  /** Once a stream: what a checkpoint holds is data, and the next run may have other code. */
  #warnOfInstances({ id, operator, site }: StreamNode<unknown>, className: string): void {
    if (this.#warnedOf.has(id)) return;
    this.#warnedOf.add(id);
    this.#options.logger.warn(
      `The states of ${operator.kind} at ${site.text} are instances of ${className}: a program that goes on from the ` +
        "checkpoint gets plain objects with the same fields. Keep plain data as state, and make the instance from it in the function.",
    );
  }

  /** The oldest batch from which streams that build on themselves would have to be computed again. */
  #oldestNeededMs(): number {
    const { graph } = this.#options;
    let oldestMs = this.history.open[0] ?? this.history.lastMs ?? Number.NEGATIVE_INFINITY;
    for (const stream of graph.streams) {
      if (stream.operator.mustCheckpoint !== true) continue;
      oldestMs = Math.min(oldestMs, this.#records.get(stream.id)?.at(-1)?.timeMs ?? stream.zeroMs);
    }
    return oldestMs;
  }

  #snapshot(): Omit<Snapshot, "segment"> {
    const { fence, platform, context, conf, graph, isFresh } = this.#options;
    return {
      format: checkpointFormat,
      run: fence.run,
      savedAtMs: platform.clock.now(),
      isFresh,
      application: { name: context.appName, master: context.master },
      conf: recordedConf(conf),
      batchMs: graph.batchMs,
      zeroMs: graph.zeroMs ?? 0,
      history: this.history.toData(),
      operators: graph.streams.map(stream => this.#savedOperator(stream)),
    };
  }

  #savedOperator({ id, slideMs, operator }: StreamNode<unknown>): SavedOperator {
    const state = this.#options.graph.inputsInUse.get(id)?.saveState?.();
    return {
      id,
      kind: operator.kind,
      slideMs,
      windowMs: operator.windowMs ?? null,
      isStateful: operator.mustCheckpoint === true,
      records: this.#records.get(id) ?? [],
      ...(state === undefined ? {} : { state }),
    };
  }
}

/** From which batch on streams that build on themselves are computed again by a run that begins with this. */
function neededBy({ operators, zeroMs }: Omit<Snapshot, "segment">): number {
  const saved = operators.filter(({ isStateful }) => isStateful).map(({ records }) => records.at(-1)?.timeMs);
  return Math.min(Number.POSITIVE_INFINITY, ...saved.map(timeMs => timeMs ?? zeroMs));
}
