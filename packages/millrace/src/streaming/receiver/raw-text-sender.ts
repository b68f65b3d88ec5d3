import { millraceError } from "../../common/errors/index.ts";
import type { Connection, Platform } from "../../common/platform/platform.ts";
import { systemPlatform } from "../../common/platform/system/index.ts";
import { encodeRecords } from "../../task/readers/block.ts";

/** Bytes written at a time when the rate is limited. */
const stepBytes = 8192;

/** What a sender sends, and how fast. */
export interface RawTextSenderOptions {
  /** Where it listens; 0 takes a free port. */
  readonly port: number;
  /** The lines to repeat. */
  readonly lines: readonly string[];
  /** About how many bytes of text make a frame; default 1 MiB. */
  readonly blockSizeBytes?: number;
  /** Default: as fast as it is read. */
  readonly bytesPerSecond?: number;
  /** Clock and sockets; default: the system's. */
  readonly platform?: Platform;
}

/** A sender that listens. */
export interface RawTextSender {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Sends one block of lines again and again to whoever connects: a source for `rawSocketStream`, for trying out
 * how fast a program is.
 *
 * ```ts
 * import { startRawTextSender, StreamingContext } from "millrace";
 * import assert from "node:assert";
 * const sender = await startRawTextSender({ port: 0, lines: ["to be", "or not"], blockSizeBytes: 1000, bytesPerSecond: 50_000 });
 * const ssc = new StreamingContext("local", "example", "100ms");
 * let count = 0;
 * ssc.rawSocketStream<string>("127.0.0.1", sender.port).filter(line => line.includes("not")).foreachRDD(async rdd => {
 *   count += await rdd.count();
 *   if (count > 0) void ssc.stop();
 * });
 * await ssc.start();
 * await ssc.awaitTermination();
 * await sender.close();
 * assert.ok(count > 0);
 * ```
 *
 * @throws MR_BAD_ARGUMENT without lines, MR_NETWORK when the port cannot be had
 */
export async function startRawTextSender(options: RawTextSenderOptions): Promise<RawTextSender> {
  const { port, lines, blockSizeBytes = 2 ** 20, bytesPerSecond, platform = systemPlatform } = options;
  if (lines.length === 0) throw millraceError("MR_BAD_ARGUMENT", "A raw text sender needs lines to send");
  const frame = frameOf(lines, blockSizeBytes);
  let isOpen = true;
  const listener = await platform.network.listen(port, connection => {
    let isConnected = true;
    void sendForEver(connection, frame, bytesPerSecond, platform, () => isOpen && isConnected);
    return {
      onData() {},
      onClose() {
        isConnected = false;
      },
    };
  });
  return {
    port: listener.port,
    close: () => {
      isOpen = false;
      return listener.close();
    },
  };
}

function frameOf(lines: readonly string[], sizeBytes: number): Uint8Array {
  const block: string[] = [];
  for (let bytes = 0, i = 0; bytes < sizeBytes; i++) {
    const line = lines[i % lines.length] ?? "";
    block.push(line);
    bytes += line.length + 1;
  }
  const records = encodeRecords(block);
  const frame = new Uint8Array(4 + records.length);
  new DataView(frame.buffer).setInt32(0, records.length);
  frame.set(records, 4);
  return frame;
}

async function sendForEver(
  connection: Connection,
  frame: Uint8Array,
  bytesPerSecond: number | undefined,
  { clock, timers }: Platform,
  isWanted: () => boolean,
): Promise<void> {
  const step = bytesPerSecond === undefined ? frame.length : stepBytes;
  const startMs = clock.monotonic();
  let sentBytes = 0;
  while (isWanted()) {
    for (let at = 0; at < frame.length && isWanted(); at += step) {
      const part = frame.subarray(at, at + step);
      await connection.write(part);
      sentBytes += part.length;
      const aheadMs =
        bytesPerSecond === undefined
          ? 0
          : (sentBytes / bytesPerSecond) * 1000 - (clock.monotonic() - startMs);
      if (aheadMs >= 1) await timers.sleep(aheadMs);
    }
    // A connection that takes everything at once must not keep the event loop.
    await timers.yieldTurn();
  }
}
