import type { StorageLevel } from "../../plan/index.ts";
import { Receiver } from "./receiver.ts";

/**
 * Stores what an async iterable yields, as fast as it is taken. When the iterable ends, the stream has no
 * more data; when it fails, it is iterated anew after the restart delay.
 */
export class IterableReceiver<T> extends Receiver<T> {
  readonly #source: AsyncIterable<T>;
  #records: AsyncIterator<T> | undefined;

  constructor(source: AsyncIterable<T>, storageLevel: StorageLevel) {
    super(storageLevel);
    this.#source = source;
  }

  override async onStart(): Promise<void> {
    const records = this.#source[Symbol.asyncIterator]();
    this.#records = records;
    const isCurrent = (): boolean => this.#records === records;
    try {
      for (;;) {
        const next = await records.next();
        if (next.done === true || !isCurrent()) return;
        await this.store(next.value);
      }
    } catch (error) {
      if (isCurrent()) this.restart("Error receiving data", error);
    }
  }

  override onStop(): void {
    const records = this.#records;
    this.#records = undefined;
    // Not waited for: an iterator that is waiting for its next record answers only after that.
    void records?.return?.().catch(() => {});
  }
}
