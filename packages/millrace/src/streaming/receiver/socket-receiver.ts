import { type ByteConsumer, TcpReceiver } from "./tcp-receiver.ts";
import { type Lines, TextLines } from "./text-lines.ts";

/** Reads lines of UTF-8 text from a TCP server. */
export class SocketReceiver extends TcpReceiver<string> {
  protected override consume(): ByteConsumer {
    const lines = new TextLines();
    const store = (whole: Lines | undefined): Promise<void> | undefined => {
      if (whole === undefined) return undefined;
      void this.storeLines(whole);
      return this.whenReady();
    };
    return {
      take: bytes => store(lines.push(bytes)),
      end: () => void store(lines.end()),
    };
  }
}
