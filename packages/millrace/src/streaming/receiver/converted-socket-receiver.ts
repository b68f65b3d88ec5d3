import type { StorageLevel } from "../../plan/index.ts";
import { ByteQueue } from "./byte-queue.ts";
import { type ByteConsumer, TcpReceiver, type TcpSource } from "./tcp-receiver.ts";

/** Makes records of the bytes of one connection; ends when they end. */
export type SocketConverter<T> = (bytes: AsyncIterable<Uint8Array>) => AsyncIterable<T>;

/** Reads what a converter makes of the bytes a TCP server sends. */
export class ConvertedSocketReceiver<T> extends TcpReceiver<T> {
  readonly #convert: SocketConverter<T>;

  constructor(source: TcpSource, convert: SocketConverter<T>, storageLevel: StorageLevel) {
    super(source, storageLevel);
    this.#convert = convert;
  }

  protected override consume(fail: (error: unknown) => void): ByteConsumer {
    const queue = new ByteQueue();
    let isCancelled = false;
    const storing = (async () => {
      for await (const record of this.#convert(queue)) {
        if (isCancelled) return;
        await this.store(record);
      }
    })();
    storing.catch(error => {
      if (!isCancelled) fail(error);
    });
    return {
      take: bytes => queue.push(new Uint8Array(bytes)),
      end: () => {
        queue.end();
        return storing;
      },
      cancel: () => {
        isCancelled = true;
        queue.end();
      },
    };
  }
}
