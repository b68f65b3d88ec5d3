import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, it } from "node:test";

const bin = join(import.meta.dirname, "..", "bin", "millrace.js");

describe("bin/millrace.js", () => {
  it("starts itself with the sources and keeps the exit code", async () => {
    const { code, output } = await finished(start("run-example"));
    assert.equal(code, 2, output);
    assert.match(output, /Which example\?/);
  });

  it("says when nothing listens, and ends cleanly when told to", async () => {
    const child = start(
      "run-example",
      "NetworkWordCount",
      "localhost",
      String(await closedPort()),
      "--master",
      "local",
    );
    const { code, output } = await finished(child, /WARN/);
    assert.match(output, /WARN.*(connect|ECONNREFUSED)/i);
    assert.equal(code, 0, output);
  });
});

function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, [bin, ...args], { stdio: ["ignore", "pipe", "pipe"] });
}

/** Waits for the end; sends SIGTERM, once, as soon as the output matches. */
function finished(child: ChildProcess, until?: RegExp): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    let output = "";
    let isTold = false;
    const collect = (text: string) => {
      output += text;
      if (isTold || !until?.test(output)) return;
      isTold = true;
      child.kill("SIGTERM");
    };
    child.stdout?.setEncoding("utf8").on("data", collect);
    child.stderr?.setEncoding("utf8").on("data", collect);
    child.on("error", reject).on("close", code => resolve({ code, output }));
  });
}

/** A port on which nothing listens: one that was free a moment ago. */
function closedPort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer().listen(0, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
