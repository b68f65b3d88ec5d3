/**
 * Sends the lines of a file again and again, as fast as asked, in the form `RawNetworkGrep` reads.
 *
 *     npx millrace run-example RawTextSender 9999 README.md 100000 1000000
 */
import { readFileSync } from "node:fs";
import { type SparkConf, startRawTextSender } from "millrace";
import { hostAndPort, runIfMain, UsageError } from "./command-line.ts";

/** Runs the example until Ctrl-C: `<port> <file> <blockSize> <bytesPerSec>`. */
export async function run(args: readonly string[], _conf?: SparkConf): Promise<void> {
  const usage = "<port> <file> <blockSize> <bytesPerSec>";
  const [portText = "", file = "", blockSize, bytesPerSecond] = args;
  if (args.length !== 4 || !(Number(blockSize) > 0) || !(Number(bytesPerSecond) > 0)) {
    throw new UsageError(`Usage: RawTextSender ${usage}`);
  }
  const [, port] = hostAndPort(["localhost", portText], "RawTextSender", usage);
  const sender = await startRawTextSender({
    port,
    lines: readFileSync(file, "utf8").split("\n"),
    blockSizeBytes: Number(blockSize),
    bytesPerSecond: Number(bytesPerSecond),
  });
  console.log(`sending on port ${sender.port}`);
  await new Promise<void>(resolve => process.once("SIGINT", () => resolve()));
  await sender.close();
}

await runIfMain(import.meta.filename, run);
