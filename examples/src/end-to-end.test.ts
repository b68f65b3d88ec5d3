import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { startRawTextSender } from "millrace";
import { servePageViews } from "./page-view-generator.ts";

/** An example as a user starts it, on real sockets, files and threads. */
interface Run {
  readonly file: string;
  /** Opens what it reads, in an empty folder; answers its arguments and how to close again. */
  readonly open: (folder: string) => Promise<Source>;
  /** Ctrl-C is pressed once the output matches. */
  readonly until: RegExp;
}

interface Source {
  readonly args: readonly string[];
  readonly close?: () => void;
}

/** Sends the same lines five times a second to whoever connects. */
async function lines(...texts: string[]): Promise<Source> {
  const server = createServer(socket => {
    const timer = setInterval(() => socket.write(texts.map(text => `${text}\n`).join("")), 200);
    socket.on("close", () => clearInterval(timer)).on("error", () => {});
  });
  return { args: ["127.0.0.1", String(await listening(server))], close: () => server.close() };
}

function listening(server: ReturnType<typeof createServer>): Promise<number> {
  return new Promise(resolve => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as { readonly port: number }).port));
  });
}

const runs: readonly Run[] = [
  { file: "network-word-count", open: () => lines("to be or not to be"), until: /\(be,\d+\)/ },
  {
    file: "hdfs-word-count",
    open: async folder => {
      // Files appear while it runs, as moving is the way to bring them there whole.
      let number = 0;
      const timer = setInterval(() => {
        number += 1;
        writeFileSync(join(folder, ".next"), "to be or not to be\n");
        renameSync(join(folder, ".next"), join(folder, `text-${number}`));
      }, 300);
      return { args: [folder], close: () => clearInterval(timer) };
    },
    until: /\(be,\d+\)/,
  },
  { file: "stateful-network-word-count", open: () => lines("hello you"), until: /\(hello,1[0-9]\)/ },
  { file: "custom-receiver", open: () => lines("to be or not to be"), until: /\(not,\d+\)/ },
  { file: "queue-stream", open: async () => ({ args: [] }), until: /\(7,100\)/ },
  { file: "actor-word-count", open: async () => ({ args: [] }), until: /\(force,\d+\)/ },
  {
    file: "spam-filter",
    open: async folder => {
      writeFileSync(join(folder, "spammers"), "eve\n");
      const source = await lines("ann: hello", "eve: cheap!");
      return { ...source, args: [...source.args, join(folder, "spammers")] };
    },
    until: /\(ann,hello\)/,
  },
  {
    file: "popular-tags",
    open: () => lines("#streams are #fun", "#fun"),
    until: /#fun \(\d+ times\)\n#streams/,
  },
  {
    file: "raw-network-grep",
    open: async () => {
      const sender = await startRawTextSender({
        port: 0,
        lines: ["the cat", "a dog"],
        blockSizeBytes: 1000,
        bytesPerSecond: 50_000,
      });
      return { args: ["2", "127.0.0.1", `${sender.port}`, "500"], close: () => void sender.close() };
    },
    until: /Grep count: [1-9]/,
  },
  {
    file: "page-view-stream",
    open: async () => {
      const server = servePageViews(50);
      const port = await listening(server);
      return { args: ["errorRatePerZipCode", "127.0.0.1", String(port)], close: () => server.close() };
    },
    until: /\(94709,[\d.]+\)/,
  },
];

it("recoverable-network-word-count goes on after a kill, with every second", async () => {
  const folder = mkdtempSync(join(tmpdir(), "example-"));
  const source = await lines("hello a");
  const counts = join(folder, "counts.txt");
  const args = [...source.args, join(folder, "checkpoint"), counts];
  const file = "recoverable-network-word-count";
  try {
    const killed = await runUntil(file, args, /\(hello, \d+\)/, "SIGKILL");
    assert.equal(killed.code, null);
    const { output, code } = await runUntil(file, args, /\(hello, \d+\)[\s\S]*Dropped [1-9]\d* word/);
    assert.equal(code, 0, output);
    const found = readFileSync(counts, "utf8").matchAll(/^Counts at time (\d+) ms/gm);
    const seconds = [...new Set(Array.from(found, ([, timeMs]) => Number(timeMs) / 1000))];
    assert.ok(seconds.length > 1);
    assert.deepEqual(
      seconds,
      seconds.map((_, i) => (seconds[0] ?? 0) + i),
    );
  } finally {
    source.close?.();
    rmSync(folder, { recursive: true });
  }
});

describe("examples as users start them", { concurrency: 2 }, () => {
  for (const { file, open, until } of runs) {
    it(file, async () => {
      const folder = mkdtempSync(join(tmpdir(), "example-"));
      const source = await open(folder);
      try {
        const { output, code } = await runUntil(file, source.args, until);
        assert.match(output, until);
        assert.equal(code, 0, output);
        assert.doesNotMatch(output, /Error|eve/);
      } finally {
        source.close?.();
        rmSync(folder, { recursive: true });
      }
    });
  }
});

function runUntil(
  file: string,
  args: readonly string[],
  until: RegExp,
  signal: NodeJS.Signals = "SIGINT",
): Promise<{ readonly output: string; readonly code: number | null }> {
  const child: ChildProcess = spawn(
    process.execPath,
    ["--conditions=millrace-source", join(import.meta.dirname, `${file}.ts`), ...args],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let output = "";
  const collect = (text: Buffer): void => {
    const before = until.test(output);
    output += text;
    if (!before && until.test(output)) child.kill(signal);
  };
  child.stdout?.on("data", collect);
  child.stderr?.on("data", collect);
  return new Promise(resolve => child.on("close", code => resolve({ output, code })));
}
