import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** Runs `measure` while another process sends lines; 0 lines a second is as fast as they are read. */
export async function withLineSender<R>(
  linesPerSecond: number,
  measure: (port: number) => Promise<R>,
): Promise<R> {
  const program = fileURLToPath(new URL("../inputs/line-sender.ts", import.meta.url));
  const sender = spawn(process.execPath, [program, String(linesPerSecond)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [port] = (await once(createInterface(sender.stdout), "line")) as [string];
    return await measure(Number(port));
  } finally {
    sender.kill();
  }
}
