import { millraceError } from "../../common/errors/index.ts";
import { type ByteConsumer, TcpReceiver } from "./tcp-receiver.ts";

/** A frame larger than this is no frame: the stream is something else, or out of step. */
const maxFrameBytes = 2 ** 30;
const headerBytes = 4;

/**
 * Reads frames from a TCP server: four bytes of length, big endian, and as many bytes of encoded records. Each
 * becomes a block as it is, without a look at its records.
 */
export class RawReceiver<T> extends TcpReceiver<T> {
  protected override consume(): ByteConsumer {
    const frames = new FrameCutter();
    return {
      take: bytes => {
        const whole = frames.push(bytes);
        return whole.length === 0 ? undefined : this.#store(whole);
      },
      end: () => {},
    };
  }

  async #store(frames: readonly Uint8Array[]): Promise<void> {
    for (const frame of frames) await this.storeBytes(frame);
  }
}

/** Cuts a stream of bytes into frames. */
export class FrameCutter {
  readonly #header = new Uint8Array(headerBytes);
  #headerFilled = 0;
  #frame: Uint8Array | undefined;
  #frameFilled = 0;

  /**
   * Takes the next bytes; answers the frames they complete, in memory that threads share.
   * @throws MR_RECEIVER when a length makes no sense
   */
  push(bytes: Uint8Array): Uint8Array[] {
    const whole: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; ) {
      if (this.#frame === undefined) {
        at += this.#fillHeader(bytes.subarray(at));
        continue;
      }
      const part = bytes.subarray(at, at + this.#frame.length - this.#frameFilled);
      this.#frame.set(part, this.#frameFilled);
      this.#frameFilled += part.length;
      at += part.length;
      if (this.#frameFilled === this.#frame.length) whole.push(this.#takeFrame(this.#frame));
    }
    return whole;
  }

  #fillHeader(bytes: Uint8Array): number {
    const part = bytes.subarray(0, headerBytes - this.#headerFilled);
    this.#header.set(part, this.#headerFilled);
    this.#headerFilled += part.length;
    if (this.#headerFilled < headerBytes) return part.length;
    this.#headerFilled = 0;
    const length = new DataView(this.#header.buffer).getInt32(0);
    if (length < 0 || length > maxFrameBytes) {
      throw millraceError("MR_RECEIVER", `A frame of ${length} bytes was announced`, {
        hint: "rawSocketStream reads frames: four bytes of length, big endian, then the bytes of encodeRecords().",
      });
    }
    if (length > 0) this.#frame = new Uint8Array(new SharedArrayBuffer(length));
    return part.length;
  }

  #takeFrame(frame: Uint8Array): Uint8Array {
    this.#frame = undefined;
    this.#frameFilled = 0;
    return frame;
  }
}
