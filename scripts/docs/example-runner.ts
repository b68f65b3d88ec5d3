import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { workspaceRoot } from "../support/workspace.ts";

const exampleTimeoutMs = 20_000;
const exitTimeoutMs = 8_000;

/** What became of one example: no `error` when it ran through. */
export interface ExampleOutcome {
  readonly path: string;
  readonly error?: string;
}

/**
 * Runs the examples, many to a process. One that fails there is run again by itself, so that the report
 * tells an example that is wrong from one that trips over what an earlier one left behind.
 */
export async function runExamples(paths: readonly string[], processes: number): Promise<ExampleOutcome[]> {
  const queue = [...paths];
  const lanes = Array.from({ length: processes }, () => runLane(queue));
  return (await Promise.all(lanes)).flat();
}

async function runLane(queue: string[]): Promise<ExampleOutcome[]> {
  const outcomes: ExampleOutcome[] = [];
  let lane = new ExampleProcess();
  const finish = async () => {
    if (await lane.end()) return;
    // Something keeps the process alive: find out whose it is.
    for (const path of lane.done) {
      const error = await runAlone(path);
      if (error !== undefined) outcomes.push({ path, error });
    }
  };
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    const error = await lane.run(path);
    if (error === undefined) {
      outcomes.push({ path });
      continue;
    }
    const before = lane.done.at(-1);
    lane.kill();
    const aloneError = await runAlone(path);
    const leftover = `passes alone, fails after ${before}, which may leave a context open:\n${error}`;
    outcomes.push({ path, error: aloneError ?? leftover });
    lane = new ExampleProcess();
  }
  await finish();
  return outcomes;
}

async function runAlone(path: string): Promise<string | undefined> {
  const alone = new ExampleProcess();
  const error = await alone.run(path);
  if (error !== undefined) {
    alone.kill();
    return error;
  }
  if (await alone.end()) return undefined;
  return `does not let its process end (${exitTimeoutMs / 1000} s after its last line)`;
}

class ExampleProcess {
  readonly done: string[] = [];
  readonly #child: ChildProcess;
  #output = "";

  constructor() {
    this.#child = fork(join(import.meta.dirname, "example-process.ts"), {
      cwd: join(workspaceRoot, ".cache", "doc-examples"),
      execArgv: ["--conditions=millrace-source", "--disable-warning=ExperimentalWarning"],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    const collect = (text: string) => {
      this.#output = (this.#output + text).slice(-4_000);
    };
    this.#child.stdout?.setEncoding("utf8").on("data", collect);
    this.#child.stderr?.setEncoding("utf8").on("data", collect);
  }

  /** Runs one example; answers with what went wrong. */
  run(path: string): Promise<string | undefined> {
    this.#output = "";
    return new Promise(resolve => {
      const settle = (error: string | undefined) => {
        clearTimeout(timer);
        this.#child.removeAllListeners();
        if (error === undefined) this.done.push(path);
        resolve(error === undefined ? undefined : `${error}\n${this.#output}`.trimEnd());
      };
      const timer = setTimeout(
        () => settle(`not finished after ${exampleTimeoutMs / 1000} s`),
        exampleTimeoutMs,
      );
      this.#child.on("message", message => settle((message as { error?: string }).error));
      this.#child.on("exit", code => settle(`ended its process with exit code ${code}`));
      this.#child.send(path);
    });
  }

  /** Lets the process end; whether it did by itself. */
  end(): Promise<boolean> {
    return new Promise(resolve => {
      const timer = setTimeout(() => {
        this.kill();
        resolve(false);
      }, exitTimeoutMs);
      this.#child.on("exit", () => {
        clearTimeout(timer);
        resolve(true);
      });
      this.#child.disconnect();
    });
  }

  kill(): void {
    this.#child.removeAllListeners();
    this.#child.kill("SIGKILL");
  }
}
