import type { BatchEvent, RecordedInputs } from "./batch-event.ts";

/** A batch history as plain data. Times are in milliseconds. */
export interface HistoryData {
  /** The newest batch that began or was skipped; `null` before the first. */
  readonly lastMs: number | null;
  /** Batches that began and did not come to an end. */
  readonly open: readonly number[];
  /** The batches done of which the outputs may not have learned, oldest first. */
  readonly done: readonly number[];
  /** What batches read that are open, or that later ones may look back at. */
  readonly inputs: readonly (readonly [timeMs: number, inputs: RecordedInputs])[];
  /** Ranges of batches that were not run. */
  readonly skipped: readonly (readonly [fromMs: number, toMs: number])[];
}

/** How long what inputs read is looked back at, in milliseconds. */
export interface InputMemory {
  inputRememberMs(inputId: string): number;
  /** The longest of all inputs. */
  readonly maxInputRememberMs: number;
}

/** What became of every batch so far: the sum of all events of the batch log. */
export class BatchHistory {
  #lastMs: number | undefined;
  #done: readonly number[] = [];
  readonly #open = new Set<number>();
  readonly #inputs = new Map<number, RecordedInputs>();
  #skipped: (readonly [fromMs: number, toMs: number])[] = [];

  static from(data: HistoryData): BatchHistory {
    const history = new BatchHistory();
    history.#lastMs = data.lastMs ?? undefined;
    history.#done = data.done;
    for (const timeMs of data.open) history.#open.add(timeMs);
    for (const [timeMs, inputs] of data.inputs) history.#inputs.set(timeMs, inputs);
    history.#skipped = [...data.skipped];
    return history;
  }

  apply(event: BatchEvent): void {
    switch (event.kind) {
      case "begin":
        this.#reached(event.timeMs);
        this.#open.add(event.timeMs);
        if (Object.keys(event.inputs).length > 0) this.#inputs.set(event.timeMs, event.inputs);
        return;
      case "done":
        this.#open.delete(event.timeMs);
        this.#done = [...this.#done.filter(timeMs => this.#hasOpenBefore(timeMs)), event.timeMs];
        return;
      case "givenUp":
        this.#open.delete(event.timeMs);
        return;
      case "skipped":
        this.#reached(event.toMs);
        this.#skipped.push([event.fromMs, event.toMs]);
    }
  }

  /** The newest batch that began or was skipped. */
  get lastMs(): number | undefined {
    return this.#lastMs;
  }

  /**
   * The batches done of which the outputs may not have learned, oldest first: they are told of one after the other,
   * before the next is recorded, unless one before it has not come to its end.
   */
  get done(): readonly number[] {
    return [...this.#done].sort((a, b) => a - b);
  }

  isOpen(timeMs: number): boolean {
    return this.#open.has(timeMs);
  }

  /** The batches that began and did not come to an end, oldest first. */
  get open(): readonly number[] {
    return [...this.#open].sort((a, b) => a - b);
  }

  /** What batches read, oldest first. */
  get inputs(): readonly (readonly [timeMs: number, inputs: RecordedInputs])[] {
    return [...this.#inputs].sort(([a], [b]) => a - b);
  }

  isSkipped(timeMs: number): boolean {
    return this.#skipped.some(([fromMs, toMs]) => fromMs <= timeMs && timeMs <= toMs);
  }

  /** Forgets what batches read that none from `timeMs` on looks back at, but nothing of open ones. */
  forget(timeMs: number, memory: InputMemory): void {
    for (const [batchMs, inputs] of this.#inputs) {
      if (this.#open.has(batchMs)) continue;
      const all = Object.entries(inputs);
      const kept = all.filter(([id]) => batchMs >= timeMs - memory.inputRememberMs(id));
      if (kept.length === 0) this.#inputs.delete(batchMs);
      else if (kept.length < all.length) this.#inputs.set(batchMs, Object.fromEntries(kept));
    }
    const oldestMs = timeMs - memory.maxInputRememberMs;
    if (this.#skipped.length > 0) this.#skipped = this.#skipped.filter(([, toMs]) => toMs >= oldestMs);
  }

  toData(): HistoryData {
    return {
      lastMs: this.#lastMs ?? null,
      open: this.open,
      done: this.done,
      inputs: this.inputs,
      skipped: this.#skipped,
    };
  }

  #hasOpenBefore(timeMs: number): boolean {
    for (const open of this.#open) if (open < timeMs) return true;
    return false;
  }

  #reached(timeMs: number): void {
    this.#lastMs = Math.max(this.#lastMs ?? timeMs, timeMs);
  }
}
