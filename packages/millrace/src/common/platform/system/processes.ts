import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { millraceError } from "../../errors/index.ts";

/** Where a process runs and what it sees. */
export interface ProcessSettings {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly encoding?: "utf8" | "latin1";
}

/** Bytes gathered before a write to the process. */
const WRITE_CHARACTERS = 1 << 16;

/**
 * Runs a process, gives it lines, and answers the lines it writes while it still reads. What it writes to
 * standard error goes to ours. Leaving the iteration early ends the process.
 *
 * @throws MR_PIPE_FAILED when it cannot be started or ends with another status than 0
 */
export async function* pipeThrough(
  command: readonly string[],
  lines: Iterable<string>,
  { env = {}, cwd, encoding = "utf8" }: ProcessSettings,
): AsyncGenerator<string, void, undefined> {
  const [program = "", ...words] = command;
  const child = spawn(program, words, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = new Promise<string | undefined>(resolve => {
    child.once("error", error => resolve(`could not be started: ${error.message}`));
    child.once("close", (code, signal) =>
      resolve(code === 0 ? undefined : `exited with status ${code ?? signal}`),
    );
  });
  // A process may end without reading all it is given.
  child.stdin.on("error", () => {});
  let feedError: unknown;
  const feeding = feed().catch(error => {
    feedError = error;
    child.kill();
  });
  try {
    child.stdout.setEncoding(encoding);
    for await (const line of createInterface({ input: child.stdout, crlfDelay: Infinity })) yield line;
    await feeding;
    if (feedError !== undefined) throw feedError;
    const problem = await ended;
    if (problem !== undefined) {
      throw millraceError("MR_PIPE_FAILED", `Subprocess ${problem}. Command ran: ${command.join(" ")}`);
    }
  } finally {
    child.kill();
  }

  async function feed(): Promise<void> {
    let text = "";
    for (const line of lines) {
      text += `${line}\n`;
      if (text.length < WRITE_CHARACTERS) continue;
      if (!(await written(text))) return;
      text = "";
    }
    await written(text);
    child.stdin.end();
  }

  function drained(): Promise<void> {
    return new Promise(resolve => child.stdin.once("drain", () => resolve()));
  }

  /** Whether the process still takes more. */
  async function written(text: string): Promise<boolean> {
    if (child.stdin.destroyed) return false;
    if (!child.stdin.write(text, encoding)) await Promise.race([drained(), ended]);
    return true;
  }
}
