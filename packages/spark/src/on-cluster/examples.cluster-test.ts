import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, test } from "node:test";
import { clusterUrl, sharedDirectory } from "../fixtures/on-cluster.ts";

const MILLRACE = join(import.meta.dirname, "../../../cli/bin/millrace.js");

/** Sends the same line, again and again; answers the port. */
function serveLine(line: string): Promise<number> {
  const server = createServer(socket => {
    const timer = setInterval(() => socket.write(`${line}\n`), 100);
    socket.on("close", () => clearInterval(timer)).on("error", () => {});
  });
  after(() => server.close());
  return new Promise(resolve => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}

/** Runs an example from the command line on the cluster; it gets `signal` when its output matches. */
function runExample(
  args: readonly string[],
  until: RegExp,
  signal: NodeJS.Signals,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(process.execPath, [MILLRACE, "run-example", ...args, "--master", clusterUrl], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  return new Promise((resolve, reject) => {
    let output = "";
    const collect = (text: string) => {
      output += text;
      // A second signal would end it at once.
      if (!child.killed && until.test(output)) child.kill(signal);
    };
    child.stdout.setEncoding("utf8").on("data", collect);
    child.stderr.setEncoding("utf8").on("data", collect);
    child.on("error", reject).on("close", code => resolve({ code, output }));
  });
}

test("millrace run-example NetworkWordCount --master sc://…", { timeout: 300_000 }, async () => {
  const port = await serveLine("to be or not to be");
  const args = ["NetworkWordCount", "127.0.0.1", `${port}`];
  const { code, output } = await runExample(args, /\(be,\d+\)/, "SIGTERM");
  assert.match(output, /Time: \d+ ms\n-+\n(\(\w+,\d+\)\n)+/);
  assert.equal(code, 0, output);
});

test("RecoverableNetworkWordCount is killed, and goes on in a new session", {
  timeout: 600_000,
}, async () => {
  const directory = await sharedDirectory();
  const [checkpoint, counts] = [join(directory, "checkpoint"), join(directory, "counts.txt")];
  const args = [
    "RecoverableNetworkWordCount",
    "127.0.0.1",
    `${await serveLine("a cat")}`,
    checkpoint,
    counts,
  ];
  await runExample(args, /(\(cat, \d+\)[\s\S]*){2}/, "SIGKILL");
  const before = timesIn(counts);
  const { code, output } = await runExample(args, /Dropped [1-9]\d* word/, "SIGTERM");
  assert.equal(code, 0, output);
  const all = timesIn(counts);
  // Every interval of the down time has its batch, and the batch that the kill cut off runs again.
  const [first = 0] = all;
  assert.deepEqual(
    [...new Set(all)],
    Array.from({ length: new Set(all).size }, (_, i) => first + i * 1000),
  );
  assert.ok(all.length > before.length);
});

/** The times of the batches whose counts were written. */
function timesIn(file: string): number[] {
  return Array.from(readFileSync(file, "utf8").matchAll(/^Counts at time (\d+) ms/gm), ([, time]) =>
    Number(time),
  );
}
