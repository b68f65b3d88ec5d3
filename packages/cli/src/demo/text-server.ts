import type { Platform } from "millrace";
import { text } from "./text.ts";

/** A running text server. */
export interface TextServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Whom lines are sent to. */
interface Client {
  /** Resolves when more may be sent. */
  write(text: string): Promise<void>;
}

/** How often lines are sent: seldom enough to cost nothing, often enough to look like a steady stream. */
const tickMs = 20;
/** A client that was slow for longer than this is not sent what it missed. */
const patienceMs = 1_000;

/**
 * Listens on a free port and sends every client the text of the demo, line by line and over and over, at
 * `linesPerSecond`. Each client begins at another line, so that batches differ.
 */
export async function startTextServer(platform: Platform, linesPerSecond: number): Promise<TextServer> {
  const open = new Set<Client>();
  const listener = await platform.network.listen(0, connection => {
    open.add(connection);
    void sendText(platform, connection, linesPerSecond, () => open.has(connection));
    return {
      onData: () => {},
      onClose: () => open.delete(connection),
    };
  });
  return {
    port: listener.port,
    close: () => {
      open.clear();
      return listener.close();
    },
  };
}

async function sendText(
  platform: Platform,
  client: Client,
  linesPerSecond: number,
  isOpen: () => boolean,
): Promise<void> {
  let line = platform.random.nextUint32() % text.length;
  let owed = 0;
  let last = platform.clock.monotonic();
  while (isOpen()) {
    const now = platform.clock.monotonic();
    owed += (Math.min(now - last, patienceMs) * linesPerSecond) / 1_000;
    last = now;
    let chunk = "";
    for (; owed >= 1; owed--, line = (line + 1) % text.length) chunk += `${text[line]}\n`;
    try {
      if (chunk !== "") await client.write(chunk);
    } catch {
      // The client went away while it was written to; onClose tells the rest.
      return;
    }
    await platform.timers.sleep(tickMs);
  }
}
