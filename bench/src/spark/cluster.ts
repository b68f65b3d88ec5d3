import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { PeerMissing } from "./install.ts";

const ROOT = join(import.meta.dirname, "../../..");
const SCRIPT = join(ROOT, "packages/spark/scripts/cluster.ts");
/** Where Python workers of the cluster write where the time of their tasks went. */
export const TASK_TRACE: string = join(import.meta.dirname, "../../.cache/task-trace");

/** What `packages/spark/scripts/cluster.ts` notes about a cluster that runs. */
interface RunningCluster {
  /** Of the Connect server. */
  readonly url: string;
  /** Of the standalone master. */
  readonly masterUrl: string;
  readonly sparkHome: string;
}

/**
 * Starts the standalone cluster of the Spark back end's tests, with traced Python workers; answers how to stop it.
 * @throws PeerMissing
 */
export async function startCluster(progress: (text: string) => void): Promise<() => void> {
  progress("starting a Spark cluster");
  runScript("stop");
  rmSync(TASK_TRACE, { recursive: true, force: true });
  mkdirSync(TASK_TRACE, { recursive: true });
  runScript("start");
  return () => runScript("stop");
}

/** The cluster that `startCluster` started. */
export function runningCluster(): RunningCluster {
  const { MILLRACE_SPARK_VERSION = "4.1" } = process.env;
  const file = join(ROOT, ".cache/spark", MILLRACE_SPARK_VERSION, "cluster.json");
  return JSON.parse(readFileSync(file, "utf8")) as RunningCluster;
}

function runScript(command: "start" | "stop"): void {
  const { status, stderr } = spawnSync(process.execPath, [SCRIPT, command], {
    encoding: "utf8",
    env: {
      ...process.env,
      MILLRACE_TASK_TRACE: TASK_TRACE,
      PYTHONPATH: join(import.meta.dirname, "task-trace"),
    },
  });
  if (status !== 0) throw new PeerMissing(stderr.trimEnd());
}
