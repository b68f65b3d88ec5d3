import type { ByteSink } from "./output-format.ts";

/** Bytes gathered before a write. */
const FLUSH_BYTES = 1 << 16;

/** Gathers bytes and numbers in Hadoop's order (big endian), to be written in pieces of some size. */
export class ByteBuffer {
  #bytes = Buffer.allocUnsafe(1 << 12);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#length = this.#bytes.writeUInt8(value & 0xff, this.#length);
  }

  int32(value: number): void {
    this.#reserve(4);
    this.#length = this.#bytes.writeInt32BE(value, this.#length);
  }

  int64(value: bigint): void {
    this.#reserve(8);
    this.#length = this.#bytes.writeBigInt64BE(value, this.#length);
  }

  float32(value: number): void {
    this.#reserve(4);
    this.#length = this.#bytes.writeFloatBE(value, this.#length);
  }

  float64(value: number): void {
    this.#reserve(8);
    this.#length = this.#bytes.writeDoubleBE(value, this.#length);
  }

  /** Hadoop's integer of one to nine bytes: small ones as they are, others as a length and their bytes. */
  variableInt(value: number | bigint): void {
    let rest = BigInt(value);
    if (rest >= -112n && rest <= 127n) {
      this.byte(Number(rest));
      return;
    }
    const isNegative = rest < 0n;
    if (isNegative) rest = ~rest;
    let count = 0;
    for (let left = rest; left > 0n; left >>= 8n) count += 1;
    this.byte((isNegative ? -120 : -112) - count);
    for (let shift = count - 1; shift >= 0; shift--) this.byte(Number((rest >> BigInt(8 * shift)) & 0xffn));
  }

  /** UTF-8 after its length in bytes. */
  text(value: string): void {
    const length = Buffer.byteLength(value);
    this.variableInt(length);
    this.#reserve(length);
    this.#length += this.#bytes.write(value, this.#length, "utf8");
  }

  /** What was gathered, valid until the next call. */
  view(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  /** Writes it out when there is enough; to be awaited only when it is a promise. */
  flushWhenFull(sink: ByteSink): void | Promise<void> {
    return this.#length >= FLUSH_BYTES ? this.flush(sink) : undefined;
  }

  async flush(sink: ByteSink): Promise<void> {
    if (this.#length === 0) return;
    // The sink may keep the bytes while the next ones are gathered.
    const bytes = Buffer.from(this.view());
    this.#length = 0;
    await sink.write(bytes);
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const bytes = Buffer.allocUnsafe(Math.max(needed, 2 * this.#bytes.length));
    this.#bytes.copy(bytes, 0, 0, this.#length);
    this.#bytes = bytes;
  }
}
