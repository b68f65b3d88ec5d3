import { millraceError } from "../../../common/errors/index.ts";
import type { FileReader } from "../../../common/platform/platform.ts";
import { variableIntSize } from "./variable-int.ts";

/** Bytes read at a time. */
const READ_BYTES = 1 << 18;

/** Reads a file from a position on, in pieces of any size. */
export class ByteCursor {
  readonly path: string;
  readonly #file: FileReader;
  #buffer = Buffer.alloc(0);
  /** Where in the file the buffer begins. */
  #start: number;
  #at = 0;

  constructor(path: string, file: FileReader, position = 0) {
    this.path = path;
    this.#file = file;
    this.#start = position;
  }

  /** Where in the file the next byte lies. */
  get position(): number {
    return this.#start + this.#at;
  }

  get isAtEnd(): boolean {
    return this.position >= this.#file.sizeBytes;
  }

  /**
   * The next bytes, valid until the next call that reads.
   * @throws MR_IO when the file ends before
   */
  async take(count: number): Promise<Buffer> {
    if (this.#buffer.length - this.#at < count) await this.#fill(count);
    const bytes = this.#buffer.subarray(this.#at, this.#at + count);
    if (bytes.length < count) {
      throw millraceError("MR_IO", `${this.path} ends in the middle of a record`, {
        hint: "The file is damaged, or was not written to its end.",
      });
    }
    this.#at += count;
    return bytes;
  }

  /** The bytes of an integer of Hadoop's variable form. */
  async takeVariableInt(): Promise<Buffer> {
    const first = (await this.take(1)).readInt8(0);
    const size = variableIntSize(first);
    if (size === 1) return Buffer.from([first & 0xff]);
    return Buffer.concat([Buffer.from([first & 0xff]), await this.take(size - 1)]);
  }

  /** Goes to the end of the first place from here on where these bytes stand; answers whether there is one. */
  async skipPast(bytes: Uint8Array): Promise<boolean> {
    for (;;) {
      const found = this.#buffer.indexOf(bytes, this.#at);
      if (found >= 0) {
        this.#at = found + bytes.length;
        return true;
      }
      // All but what could be the beginning of the bytes is done with.
      this.#at = Math.max(this.#at, this.#buffer.length - bytes.length + 1);
      const known = this.#buffer.length - this.#at;
      await this.#fill(known + READ_BYTES);
      if (this.#buffer.length - this.#at === known) return false;
    }
  }

  close(): void {
    this.#file.close();
  }

  /** Reads until `count` bytes are there from the current place on, or the file ends. */
  async #fill(count: number): Promise<void> {
    const rest = this.#buffer.subarray(this.#at);
    const buffer = Buffer.allocUnsafe(Math.max(count, READ_BYTES));
    let length = rest.copy(buffer);
    this.#start += this.#at;
    this.#at = 0;
    while (length < count) {
      const read = await this.#file.read(buffer.subarray(length), this.#start + length);
      if (read === 0) break;
      length += read;
    }
    this.#buffer = buffer.subarray(0, length);
  }
}
