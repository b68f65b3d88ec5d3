import { spawn } from "node:child_process";

/** What to start and what to wait for. */
export interface WatchedRun {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Presses Ctrl-C once the output matches. */
  readonly until: RegExp;
  readonly timeoutMs: number;
}

/** Runs a program that goes on until Ctrl-C; `problem` when it did not print what was expected, or end well. */
export function watchRun(run: WatchedRun): Promise<{ readonly output: string; readonly problem?: string }> {
  return new Promise(resolve => {
    // A process group of its own: Ctrl-C reaches all processes of a terminal, npx and what it started alike.
    const child = spawn(run.command, run.args, {
      cwd: run.cwd,
      env: run.env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const signalGroup = (signal: NodeJS.Signals) =>
      child.pid !== undefined && process.kill(-child.pid, signal);
    let output = "";
    let seen = false;
    const timer = setTimeout(() => signalGroup("SIGKILL"), run.timeoutMs);
    const collect = (text: string) => {
      output += text;
      if (seen || !run.until.test(output)) return;
      seen = true;
      signalGroup("SIGINT");
    };
    child.stdout.setEncoding("utf8").on("data", collect);
    child.stderr.setEncoding("utf8").on("data", collect);
    child.on("error", error => resolve({ output, problem: String(error) }));
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      if (!seen) resolve({ output, problem: `never printed ${run.until}` });
      else if (code !== 0) resolve({ output, problem: `ended with ${code ?? signal} after Ctrl-C` });
      else resolve({ output });
    });
  });
}
