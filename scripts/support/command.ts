import { spawn } from "node:child_process";
import { join } from "node:path";
import { workspaceRoot } from "./workspace.ts";

/** What a finished command left behind. */
export interface CommandResult {
  /** The exit code; 124 after a timeout, 128 and more after a signal. */
  readonly code: number;
  /** Standard output and standard error as they came. */
  readonly output: string;
}

/** How a command runs. */
export interface CommandOptions {
  /** Default: the workspace's root. */
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Killed after this long; default 120 s. */
  readonly timeoutMs?: number;
  /** Kills it at once. A command that has this is killed with all that it started. */
  readonly giveUp?: AbortSignal;
  /** Also passes the output through as it comes. */
  readonly echo?: boolean;
}

/**
 * Runs a command to its end and answers with its exit code and output; never rejects for a failing command. One that can
 * be given up has a process group of its own, so that what the terminal sends to all processes reaches it only through
 * us.
 */
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? workspaceRoot,
      env: options.env ?? process.env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: options.giveUp !== undefined,
    });
    let output = "";
    let timedOut = false;
    const kill = (): void => {
      if (options.giveUp === undefined) child.kill("SIGKILL");
      else if (child.pid !== undefined) killGroup(child.pid);
    };
    const timer = setTimeout(() => {
      timedOut = true;
      kill();
    }, options.timeoutMs ?? 120_000);
    options.giveUp?.addEventListener("abort", kill);
    if (options.giveUp?.aborted) kill();
    const collect = (text: string) => {
      output += text;
      if (options.echo) process.stdout.write(text);
    };
    child.stdout.setEncoding("utf8").on("data", collect);
    child.stderr.setEncoding("utf8").on("data", collect);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      options.giveUp?.removeEventListener("abort", kill);
      resolve({ code: timedOut ? 124 : (code ?? (signal === null ? 1 : 128)), output });
    });
  });
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // All of it has ended.
  }
}

/** Runs a program with this very Node. */
export function runNode(args: readonly string[], options?: CommandOptions): Promise<CommandResult> {
  return runCommand(process.execPath, args, options);
}

/** The path of a development tool's executable in the workspace. */
export function tool(name: string): string {
  return join(workspaceRoot, "node_modules", ".bin", name);
}
