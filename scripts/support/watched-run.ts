import { spawn } from "node:child_process";

/** What to start and what to wait for. */
export interface WatchedRun {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Sends SIGTERM once the output matches. */
  readonly until: RegExp;
  readonly timeoutMs: number;
}

/** Runs a program that goes on until it is told to stop; `problem` when it did not do both as expected. */
export function watchRun(run: WatchedRun): Promise<{ readonly output: string; readonly problem?: string }> {
  return new Promise(resolve => {
    const child = spawn(run.command, run.args, {
      cwd: run.cwd,
      env: run.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    let seen = false;
    const timer = setTimeout(() => child.kill("SIGKILL"), run.timeoutMs);
    const collect = (text: string) => {
      output += text;
      if (seen || !run.until.test(output)) return;
      seen = true;
      child.kill("SIGTERM");
    };
    child.stdout.setEncoding("utf8").on("data", collect);
    child.stderr.setEncoding("utf8").on("data", collect);
    child.on("error", error => resolve({ output, problem: String(error) }));
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      if (!seen) resolve({ output, problem: `never printed ${run.until}` });
      else if (code !== 0) resolve({ output, problem: `ended with ${code ?? signal} after SIGTERM` });
      else resolve({ output });
    });
  });
}
