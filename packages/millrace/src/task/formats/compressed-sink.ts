import { once } from "node:events";
import type { CompressionCodec } from "./codec.ts";
import type { ByteSink } from "./output-format.ts";

/** A sink whose bytes go on compressed. */
export interface CompressedSink extends ByteSink {
  /** Writes what is left. */
  finish(): Promise<void>;
  /** Gives up. */
  abandon(): void;
}

/** Puts a codec before a sink; what the sink throws comes out of `write` or `finish`. */
export function compressedSink(codec: CompressionCodec, sink: ByteSink): CompressedSink {
  const stream = codec.stream();
  const written = (async () => {
    for await (const bytes of stream) await sink.write(bytes as Uint8Array);
  })();
  // Heard of through `write` and `finish`; until then nobody else looks.
  written.catch(() => {});
  return {
    async write(bytes) {
      if (stream.destroyed) await written;
      if (!stream.write(bytes)) await Promise.race([once(stream, "drain"), written]);
    },
    async finish() {
      stream.end();
      await written;
    },
    abandon: () => stream.destroy(),
  };
}
