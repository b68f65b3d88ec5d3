/** What finds something out about the input of an operation; it runs jobs. */
export type PreparationRun = (signal: AbortSignal | undefined) => Promise<void>;

/**
 * What an operation must know of its input's data before its own tasks can run, such as the bounds of a range
 * partitioner. Operations are declared without waiting, so the jobs that find it out run with the first action.
 */
export class Preparation {
  #run: PreparationRun | undefined;
  #before: readonly Preparation[];
  #running: Promise<void> | undefined;
  #isDone = false;

  /** @param before what must have run first */
  constructor(run: PreparationRun | undefined, before: readonly Preparation[]) {
    this.#run = run;
    this.#before = before;
  }

  /** Whether everything is known; it then holds on to nothing. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** Runs what has not run yet. Fails as its jobs do; the next call tries again. */
  async ensure(signal: AbortSignal | undefined): Promise<void> {
    while (!this.#isDone) {
      if (this.#running !== undefined) {
        // Another job's run: when that job fails or is cancelled, this one still needs the answer.
        await this.#running.catch(() => {});
        continue;
      }
      this.#running = this.#runAll(signal);
      try {
        await this.#running;
      } finally {
        this.#running = undefined;
      }
    }
  }

  async #runAll(signal: AbortSignal | undefined): Promise<void> {
    for (const preparation of this.#before) await preparation.ensure(signal);
    await this.#run?.(signal);
    this.#isDone = true;
    this.#run = undefined;
    this.#before = [];
  }
}
