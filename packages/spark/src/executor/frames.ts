import type { Writable } from "node:stream";

/** Types of frames; `connect/bridge.ts` has the other side. */
export const BEGIN = 1;
export const BLOCK = 2;
export const END = 3;
export const DONE = 5;
export const ERROR = 6;

const HEAD_BYTES = 5;

/** Cuts what a socket delivers into frames. */
export class FrameReader {
  readonly #chunks: Buffer[] = [];
  readonly #onFrame: (type: number, payload: Buffer) => void;
  #have = 0;
  #head: { readonly size: number; readonly type: number } | undefined;

  constructor(onFrame: (type: number, payload: Buffer) => void) {
    this.#onFrame = onFrame;
  }

  push(bytes: Buffer): void {
    this.#chunks.push(bytes);
    this.#have += bytes.length;
    for (;;) {
      if (this.#head === undefined) {
        if (this.#have < HEAD_BYTES) return;
        const head = this.#take(HEAD_BYTES);
        this.#head = { size: head.readUInt32LE(0), type: head.readUInt8(4) };
      }
      if (this.#have < this.#head.size) return;
      const { size, type } = this.#head;
      this.#head = undefined;
      this.#onFrame(type, this.#take(size));
    }
  }

  #take(size: number): Buffer {
    this.#have -= size;
    const taken: Buffer[] = [];
    for (let left = size; left > 0; ) {
      const first = this.#chunks[0] as Buffer;
      if (first.length <= left) {
        taken.push(first);
        this.#chunks.shift();
        left -= first.length;
      } else {
        taken.push(first.subarray(0, left));
        this.#chunks[0] = first.subarray(left);
        left = 0;
      }
    }
    return taken.length === 1 ? (taken[0] as Buffer) : Buffer.concat(taken);
  }
}

/** Written together up to this size: every write wakes the other side. */
const TOGETHER_BYTES = 64 * 1024;

/** Writes frames, waiting whenever the other side is behind. Small ones wait for each other until `flush`. */
export class FrameWriter {
  readonly #socket: Writable;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;

  constructor(socket: Writable) {
    this.#socket = socket;
  }

  async write(type: number, ...parts: readonly Uint8Array[]): Promise<void> {
    const size = parts.reduce((sum, part) => sum + part.length, 0);
    const head = Buffer.allocUnsafe(HEAD_BYTES);
    head.writeUInt32LE(size, 0);
    head.writeUInt8(type, 4);
    this.#waiting.push(head, ...parts);
    this.#waitingBytes += HEAD_BYTES + size;
    if (this.#waitingBytes > TOGETHER_BYTES) await this.flush();
  }

  async flush(): Promise<void> {
    const parts = this.#waiting;
    const isSmall = this.#waitingBytes <= TOGETHER_BYTES;
    this.#waiting = [];
    this.#waitingBytes = 0;
    if (isSmall) this.#socket.write(Buffer.concat(parts));
    else {
      this.#socket.cork();
      for (const part of parts) this.#socket.write(part);
      this.#socket.uncork();
    }
    if (this.#socket.writableNeedDrain) await new Promise(resolve => this.#socket.once("drain", resolve));
  }

  block(partition: number, kind: number, sequence: number, ...bytes: readonly Uint8Array[]): Promise<void> {
    const head = Buffer.allocUnsafe(12);
    head.writeInt32LE(partition, 0);
    head.writeInt32LE(kind, 4);
    head.writeInt32LE(sequence, 8);
    return this.write(BLOCK, head, ...bytes);
  }
}
