import { GRPC, GrpcError } from "./grpc-error.ts";

/** Before each message: whether it is compressed (never, here), and its length, big endian. */
const HEAD_BYTES = 5;
/** Up to here copying a message behind its head costs less than writing twice. */
const COPY_BYTES = 64 * 1024;

/** A message as it goes over the wire. */
export function frameOf(message: Uint8Array): readonly Uint8Array[] {
  const isCopied = message.length <= COPY_BYTES;
  const head = Buffer.allocUnsafe(isCopied ? HEAD_BYTES + message.length : HEAD_BYTES);
  head.writeUInt8(0, 0);
  head.writeUInt32BE(message.length, 1);
  if (!isCopied) return [head, message];
  head.set(message, HEAD_BYTES);
  return [head];
}

/** Cuts what arrives into messages. */
export class MessageReader {
  readonly #onMessage: (message: Uint8Array) => void;
  #chunks: Buffer[] = [];
  #have = 0;
  /** Bytes of the message that is being read, with its head, once that is known. */
  #wanted: number | undefined;

  constructor(onMessage: (message: Uint8Array) => void) {
    this.#onMessage = onMessage;
  }

  /** @throws GrpcError for compressed messages, and what `onMessage` throws */
  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#have += chunk.length;
    while (this.#have >= (this.#wanted ?? HEAD_BYTES)) {
      const bytes = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks);
      this.#chunks = [bytes];
      if (this.#wanted === undefined) {
        if (bytes[0] !== 0) throw new GrpcError(GRPC.internal, "the server sent a compressed message");
        this.#wanted = HEAD_BYTES + bytes.readUInt32BE(1);
        continue;
      }
      const message = bytes.subarray(HEAD_BYTES, this.#wanted);
      this.#chunks = [bytes.subarray(this.#wanted)];
      this.#have -= this.#wanted;
      this.#wanted = undefined;
      this.#onMessage(message);
    }
  }
}
