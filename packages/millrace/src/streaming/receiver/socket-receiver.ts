import { type ByteConsumer, TcpReceiver } from "./tcp-receiver.ts";
import { type Lines, TextLines } from "./text-lines.ts";

/** Reads lines of UTF-8 text from a TCP server. */
export class SocketReceiver extends TcpReceiver<string> {
  protected override consume(): ByteConsumer {
    const lines = new TextLines();
    const store = (pieces: readonly Lines[]): Promise<void> | undefined => {
      for (const piece of pieces) void this.storeLines(piece);
      return pieces.length === 0 ? undefined : this.whenReady();
    };
    return {
      take: bytes => store(lines.pieces(bytes)),
      end: () => {
        const last = lines.end();
        if (last !== undefined) void this.storeLines(last);
      },
    };
  }
}
