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
  /** Also passes the output through as it comes. */
  readonly echo?: boolean;
}

/** Runs a command to its end and answers with its exit code and output; never rejects for a failing command. */
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
    });
    let output = "";
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill("SIGKILL");
    }, options.timeoutMs ?? 120_000);
    const collect = (text: string) => {
      output += text;
      if (options.echo) process.stdout.write(text);
    };
    child.stdout.setEncoding("utf8").on("data", collect);
    child.stderr.setEncoding("utf8").on("data", collect);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ code: timedOut ? 124 : (code ?? (signal === null ? 1 : 128)), output });
    });
  });
}

/** Runs a program with this very Node. */
export function runNode(args: readonly string[], options?: CommandOptions): Promise<CommandResult> {
  return runCommand(process.execPath, args, options);
}

/** The path of a development tool's executable in the workspace. */
export function tool(name: string): string {
  return join(workspaceRoot, "node_modules", ".bin", name);
}
