/**
 * A standalone Spark cluster for tests and benchmarks: master, two workers of one core, a Connect server.
 *
 *   node packages/spark/scripts/cluster.ts start [--version 4.1] [--memory 1500m]   prints the master URL
 *   node packages/spark/scripts/cluster.ts stop  [--version 4.1]
 *
 * pyspark comes from PyPI into `.cache/spark/<version>`, once; Java 17 must be there. Only the processes this
 * script started are stopped.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    version: { type: "string", default: process.env["MILLRACE_SPARK_VERSION"] ?? "4.1" },
    memory: { type: "string", default: "1500m" },
  },
});
const root = join(import.meta.dirname, "..", "..", "..", ".cache", "spark", values.version);
const venv = join(root, "venv");
const run = join(root, "run");
const stateFile = join(root, "cluster.json");
const LEAST_JAVA = 17;

interface State {
  readonly url: string;
  /** For applications of Spark's own. */
  readonly masterUrl: string;
  readonly sparkHome: string;
  readonly pids: Record<string, number>;
}

/** There can be no cluster; the message is one line that says why. */
class NoCluster extends Error {}

try {
  switch (positionals[0]) {
    case "start":
      await start();
      break;
    case "stop":
      await stop();
      break;
    default:
      console.error("usage: cluster.ts start|stop [--version 4.1] [--memory 1500m]");
      process.exitCode = 2;
  }
} catch (error) {
  if (!(error instanceof NoCluster)) throw error;
  console.error(`no Spark ${values.version}: ${error.message}`);
  process.exitCode = 1;
}

async function start(): Promise<void> {
  const running = readState();
  if (running !== undefined && (await isOpen(Number(new URL(`http${running.url.slice(2)}`).port)))) {
    console.log(running.url);
    return;
  }
  await stop();
  install();
  const findSpark = "import pyspark, os; print(os.path.dirname(pyspark.__file__))";
  const sparkHome = outputOf(join(venv, "bin/python"), ["-c", findSpark], "pyspark is damaged").trim();
  mkdirSync(join(run, "local"), { recursive: true });
  const [master, connectPort] = [await freePort(), await freePort()];
  const env = {
    ...process.env,
    SPARK_HOME: sparkHome,
    SPARK_LOCAL_DIRS: join(run, "local"),
    SPARK_LOCAL_IP: "127.0.0.1",
    SPARK_DAEMON_MEMORY: "512m",
    SPARK_NO_DAEMONIZE: "1",
    PYSPARK_PYTHON: join(venv, "bin/python"),
    // Executors find the Node that runs this script.
    PATH: `${dirname(process.execPath)}:${join(venv, "bin")}:${process.env["PATH"] ?? ""}`,
  };
  const launch = (name: string, args: readonly string[], more: Record<string, string> = {}): number => {
    const log = openSync(join(run, `${name}.log`), "w");
    const command = join(sparkHome, "bin", name === "connect" ? "spark-submit" : "spark-class");
    const options = { env: { ...env, ...more }, detached: true };
    const child = spawn(command, args, { ...options, stdio: ["ignore", log, log] });
    child.unref();
    return child.pid as number;
  };
  const pids: Record<string, number> = {};
  const host = ["--host", "127.0.0.1", "--webui-port", "0"];
  const deploy = "org.apache.spark.deploy";
  pids["master"] = launch("master", [`${deploy}.master.Master`, ...host, "--port", String(master)]);
  const masterUrl = `spark://127.0.0.1:${master}`;
  for (const name of ["worker1", "worker2"]) {
    // Room for two applications, which take one core of each worker.
    const size = ["--cores", "2", "--memory", "3g", "--work-dir", join(run, name)];
    pids[name] = launch(name, [`${deploy}.worker.Worker`, ...host, ...size, masterUrl]);
  }
  const conf: Record<string, string> = {
    "spark.executor.memory": "1g",
    "spark.executor.cores": "1",
    "spark.cores.max": "2",
    "spark.connect.grpc.binding.port": String(connectPort),
    "spark.locality.wait": "0",
    "spark.cleaner.periodicGC.interval": "1min",
    "spark.ui.enabled": "false",
    "spark.log.level": "WARN",
  };
  pids["connect"] = launch(
    "connect",
    [
      "--class",
      "org.apache.spark.sql.connect.service.SparkConnectServer",
      ...["--name", "millrace", "--master", masterUrl, "--driver-memory", values.memory],
      ...Object.entries(conf).flatMap(([key, value]) => ["--conf", `${key}=${value}`]),
    ],
    // It would override --driver-memory.
    { SPARK_DAEMON_MEMORY: values.memory },
  );
  const state: State = { url: `sc://127.0.0.1:${connectPort}`, masterUrl, sparkHome, pids };
  writeFileSync(stateFile, `${JSON.stringify(state, undefined, 2)}\n`);
  for (let i = 0; i < 600 && !(await isOpen(connectPort)); i++) await sleep(200);
  if (!(await isOpen(connectPort))) {
    const log = readFileSync(join(run, "connect.log"), "utf8");
    await stop();
    throw new NoCluster(`no Connect server within two minutes; its log ends\n${log.slice(-2_000)}`);
  }
  console.log(state.url);
}

async function stop(): Promise<void> {
  const state = readState();
  if (state === undefined) return;
  const order = ["connect", "worker1", "worker2", "master"];
  // Each leads a process group of its own.
  for (const name of order) signal(state.pids[name], "SIGTERM");
  for (let i = 0; i < 20 && order.some(name => signal(state.pids[name], 0)); i++) await sleep(200);
  for (const name of order) signal(state.pids[name], "SIGKILL");
  rmSync(stateFile, { force: true });
  rmSync(run, { recursive: true, force: true });
}

function signal(pid: number | undefined, name: NodeJS.Signals | 0): boolean {
  if (pid === undefined) return false;
  try {
    return process.kill(-pid, name);
  } catch {
    return false;
  }
}

function install(): void {
  const java = /version "(\d+)/.exec(outputOf("java", ["-version"], `Java ${LEAST_JAVA} or newer is needed`));
  if (Number(java?.[1]) < LEAST_JAVA) {
    throw new NoCluster(`Java ${LEAST_JAVA} or newer is needed, this is Java ${java?.[1]}`);
  }
  if (existsSync(join(venv, "ready"))) return;
  console.error(`installing pyspark ${values.version} into ${venv}`);
  mkdirSync(root, { recursive: true });
  outputOf("python3", ["-m", "venv", venv], "Python 3 with venv is needed");
  const packages = [`pyspark==${values.version}.*`, "pyarrow"];
  outputOf(join(venv, "bin/pip"), ["install", "-q", ...packages], "pip cannot install pyspark and pyarrow");
  writeFileSync(join(venv, "ready"), "");
}

/** Both outputs of a command. */
function outputOf(command: string, args: readonly string[], problem: string): string {
  const { error, status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (error === undefined && status === 0) return stdout + stderr;
  throw new NoCluster(`${problem}: ${error?.message ?? stderr.trimEnd().split("\n").at(-1)}`);
}

function readState(): State | undefined {
  return existsSync(stateFile) ? (JSON.parse(readFileSync(stateFile, "utf8")) as State) : undefined;
}

function isOpen(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, "127.0.0.1");
    const answer = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once("connect", () => answer(true));
    socket.once("error", () => answer(false));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
