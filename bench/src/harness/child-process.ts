import { type SpawnOptions, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** Starts the line with which a measured process hands over its sample. */
export const SAMPLE_PREFIX = "@sample ";

/** How much of what a failed process said is shown. */
const SHOWN_OUTPUT = 4_000;

/**
 * Runs a process to its end and answers the sample it printed.
 * A process that fails or prints no sample is an error with the end of what it said.
 */
export async function sampleOf<T>(
  command: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<T> {
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let sample: T | undefined;
  let said = "";
  const note = (text: string) => {
    said = (said + text).slice(-SHOWN_OUTPUT);
  };
  child.stderr?.setEncoding("utf8").on("data", note);
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  lines.on("line", line => {
    if (line.startsWith(SAMPLE_PREFIX)) sample = JSON.parse(line.slice(SAMPLE_PREFIX.length)) as T;
    else note(`${line}\n`);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0 || sample === undefined) {
    const what = code === 0 ? "printed no sample" : `ended with code ${code}`;
    throw new Error(`${command} ${what}\n${said.trimEnd()}`);
  }
  return sample;
}
