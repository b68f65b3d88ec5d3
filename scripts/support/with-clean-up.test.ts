import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { withCleanUp } from "./with-clean-up.ts";

const guarded = join(import.meta.dirname, "fixtures/guarded.ts");

/** Runs the fixture; answers how it ended once what it had started is gone. */
async function ended(timeoutMs: number, interrupt: (child: ChildProcess) => void) {
  const folder = mkdtempSync(join(tmpdir(), "millrace-clean-up-"));
  try {
    const quiet = "--disable-warning=ExperimentalWarning";
    const child = spawn(process.execPath, [quiet, guarded, folder, String(timeoutMs)], { stdio: "inherit" });
    const exit = once(child, "exit");
    const pidFile = join(folder, "pid");
    for (let i = 0; i < 600 && !existsSync(pidFile); i++) await sleep(50);
    interrupt(child);
    const [code, signal] = (await exit) as [number | null, NodeJS.Signals | null];
    const pid = Number(readFileSync(pidFile, "utf8"));
    for (let i = 0; i < 100 && isRunning(pid); i++) await sleep(50);
    return { code, signal, isCleanedUp: existsSync(join(folder, "cleaned")), isLeft: isRunning(pid) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // Where there is nobody to take note of the end of an orphan, it stays as a zombie.
  const status = `/proc/${pid}/status`;
  return !existsSync(status) || !/^State:\s*Z/m.test(readFileSync(status, "utf8"));
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  test(`${signal} ends what was started, cleans up and ends the process`, async () => {
    const outcome = await ended(60_000, child => child.kill(signal));
    assert.deepEqual(outcome, { code: null, signal, isCleanedUp: true, isLeft: false });
  });
}

test("so does the time limit", async () => {
  const outcome = await ended(10_000, () => {});
  assert.deepEqual(outcome, { code: 124, signal: null, isCleanedUp: true, isLeft: false });
});

test("and a failure, which is told", async () => {
  let isCleanedUp = false;
  const failing = withCleanUp(
    () => Promise.reject(new RangeError("mine")),
    async () => {
      isCleanedUp = true;
    },
  );
  await assert.rejects(failing, RangeError);
  assert.ok(isCleanedUp);
});
