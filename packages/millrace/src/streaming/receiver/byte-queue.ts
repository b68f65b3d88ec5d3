/** Bytes pushed at one end and iterated at the other, once. */
export class ByteQueue implements AsyncIterable<Uint8Array> {
  readonly #chunks: Uint8Array[] = [];
  #hasEnded = false;
  #arrived = Promise.withResolvers<void>();
  #wanted: PromiseWithResolvers<void> | undefined;

  /** Adds a chunk; resolves when the next one is wanted. */
  push(bytes: Uint8Array): Promise<void> {
    this.#chunks.push(bytes);
    this.#wanted ??= Promise.withResolvers();
    this.#arrived.resolve();
    return this.#wanted.promise;
  }

  /** Nothing follows. */
  end(): void {
    this.#hasEnded = true;
    this.#wanted?.resolve();
    this.#arrived.resolve();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const chunk = this.#chunks.shift();
        if (chunk !== undefined) {
          yield chunk;
          continue;
        }
        if (this.#hasEnded) return;
        this.#arrived = Promise.withResolvers();
        this.#wanted?.resolve();
        this.#wanted = undefined;
        await this.#arrived.promise;
      }
    } finally {
      // Who stops iterating wants nothing more: let the bytes go by.
      this.end();
    }
  }
}
