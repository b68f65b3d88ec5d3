/**
 * `npm run chaos -- --kills 20`: an application of real processes and files, killed with SIGKILL at random moments,
 * also while it recovers. In the end its outputs must be those of a computation over all of the input. The built
 * package, which starts faster, is put to the test without `--conditions=millrace-source`.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import pg from "pg";
import { noPostgres, startPostgres } from "../fixtures/server.ts";
import { tables } from "./expected-outputs.ts";
import { problemsOf, recordsSoFar } from "./outputs.ts";
import { ReplayServer } from "./replay-server.ts";

const { values } = parseArgs({ options: { kills: { type: "string", default: "20" } } });
const kills = Number(values.kills);
/**
 * How long a process lives at most before it is killed, in milliseconds, counted from when it was begun or had started.
 * On a busy machine it is as long as a start took: an application that never gets further than its start proves little.
 */
const longestLifeMs = 1500;
/** How long the last process may take without a batch that is done, in milliseconds. */
const patienceMs = 120_000;
/** How long a process may take to start, or to end when it is told to, in milliseconds. */
const longestWaitMs = 60_000;

const directory = mkdtempSync(join(tmpdir(), "millrace-chaos-"));
mkdirSync(join(directory, "in"));
const postgresServer = await startPostgres();
const postgres = postgresServer?.url ?? "";
if (postgresServer === undefined) console.log(noPostgres);
else await createTables(postgres);
/** Processes do not compile the same modules anew every time. */
const compileCache = join(directory, "compiled");
const server = new ReplayServer();
const port = await server.listen();
const outputs = { directory, postgres };
const produced: string[] = [];
let producing: NodeJS.Timeout | undefined;
let running: Child | undefined;
// However this process ends, nothing of it goes on.
process.once("exit", () => running?.process.kill("SIGKILL"));
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
let problems: string[];
try {
  problems = await run();
} catch (error) {
  problems = [error instanceof Error ? (error.stack ?? error.message) : String(error)];
}
clearInterval(producing);
running?.process.kill("SIGKILL");
server.close();
await postgresServer?.stop();
for (const problem of problems) console.log(problem);
if (problems.length === 0) rmSync(directory, { recursive: true });
else console.log(`files, checkpoint and databases are left in ${directory}`);
console.log(`${kills} kills, ${produced.length} records, ${postgres === "" ? "no " : ""}PostgreSQL`);
const failed = problems.length === 0 ? 0 : 1;
console.log(`${1 - failed} passed, ${failed} failed, ${postgres === "" ? 1 : 0} skipped`);
process.exitCode = failed;

async function run(): Promise<string[]> {
  let child = launch();
  await inTime(child.started, "the first process did not start");
  producing = setInterval(produce, 20);
  let lifeMs = longestLifeMs;
  for (let kill = 1; kill <= kills; kill++) {
    // Every other process gets as far as running batches; the rest die somewhere on the way there.
    if (Math.random() < 0.5) {
      const begunMs = performance.now();
      await inTime(
        child.started.catch(() => {}),
        `a process hangs:\n${child.said()}`,
      );
      lifeMs = Math.max(longestLifeMs, performance.now() - begunMs);
    }
    await sleep(Math.random() * lifeMs);
    if (child.process.exitCode !== null) return [`a process ended by itself:\n${child.said()}`];
    child.process.kill("SIGKILL");
    await child.ended;
    if (kills >= 100 && kill % 50 === 0) console.log(`${kill} kills, ${recordsSoFar(outputs)} records`);
    child = launch();
  }
  clearInterval(producing);
  let said = "";
  for (let waitedMs = 0; recordsSoFar(outputs) < produced.length; waitedMs += 100) {
    if (child.process.exitCode !== null) return [`the last process ended by itself:\n${child.said()}`];
    if (waitedMs > patienceMs) {
      return [`only ${recordsSoFar(outputs)} of ${produced.length} records arrived:\n${child.said()}`];
    }
    await sleep(100);
    if (child.said() !== said) waitedMs = 0;
    said = child.said();
  }
  child.process.kill("SIGTERM");
  await inTime(child.ended, `the last process does not end:\n${child.said()}`);
  const ended = join(directory, "ended");
  if (!existsSync(ended)) return [`the last process did not end well:\n${child.said()}`];
  return problemsOf(outputs, produced, JSON.parse(readFileSync(ended, "utf8")));
}

/** Fails with `otherwise` when that takes too long. */
async function inTime(what: Promise<void>, otherwise: string): Promise<void> {
  const patience = new AbortController();
  const late = sleep(longestWaitMs, undefined, { signal: patience.signal }).then(() => {
    throw new Error(otherwise);
  });
  try {
    await Promise.race([what, late]);
  } finally {
    patience.abort();
    late.catch(() => {});
  }
}

/** A process of the application. */
interface Child {
  readonly process: ChildProcess;
  readonly started: Promise<void>;
  readonly ended: Promise<void>;
  /** Everything it wrote. */
  said(): string;
}

function launch(): Child {
  const program = join(import.meta.dirname, "program.ts");
  // Sources or the built package: the same as this process.
  const args = [...process.execArgv, program];
  const env = { ...process.env, NODE_COMPILE_CACHE: compileCache };
  const child = spawn(process.execPath, [...args, directory, String(port), postgres], { env });
  let said = "";
  const ended = new Promise<void>(resolve => child.once("exit", () => resolve()));
  const started = new Promise<void>((resolve, reject) => {
    child.stdout.on("data", data => {
      said += data;
      if (said.includes("started")) resolve();
    });
    child.stderr.on("data", data => {
      said += data;
    });
    child.once("exit", () => reject(new Error(`the process ended before it had started:\n${said}`)));
  });
  started.catch(() => {});
  running = { process: child, started, ended, said: () => said };
  return running;
}

/** A record for the socket, and now and then a file of some. */
function produce(): void {
  const record = (): string => {
    const text = `${"abcdefgh"[produced.length % 8]} ${produced.length}`;
    produced.push(text);
    return text;
  };
  server.add(record());
  if (Math.random() > 0.02) return;
  const name = `${produced.length}.txt`;
  writeFileSync(join(directory, name), `${record()}\n${record()}\n`);
  renameSync(join(directory, name), join(directory, "in", name));
}

async function createTables(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const table of tables) {
    await client.query(`drop table if exists "${table}"`);
    await client.query(`create table "${table}" (batch bigint, key text, value bigint)`);
  }
  await client.query("drop table if exists millrace_sinks");
  await client.end();
}
