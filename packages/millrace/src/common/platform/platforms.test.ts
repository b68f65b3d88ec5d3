import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { type ErrorCode, MillraceError } from "../errors/index.ts";
import { createDeterministicPlatform, type DeterministicPlatform } from "./deterministic/index.ts";
import type { Platform } from "./platform.ts";
import { systemPlatform } from "./system/index.ts";

const coded =
  (code: ErrorCode) =>
  (error: unknown): boolean =>
    error instanceof MillraceError && error.code === code;

const worlds: [name: string, make: () => Platform][] = [
  ["system", () => systemPlatform],
  ["simulated", () => createDeterministicPlatform({ seed: 1 })],
];

for (const [name, make] of worlds) {
  test(`${name} timers: a turn runs what is waiting, but never at once`, async () => {
    const { timers } = make();
    const seen: string[] = [];
    timers.schedule(0, () => seen.push("first"));
    timers.schedule(-5, () => seen.push("second"));
    timers.schedule(0, () => seen.push("cancelled")).cancel();
    await Promise.resolve();
    assert.deepEqual(seen, []);
    await timers.yieldTurn();
    await timers.yieldTurn();
    assert.deepEqual(seen, ["first", "second"]);
  });

  test(`${name} timers: an aborted sleep rejects with the reason`, async () => {
    const { timers } = make();
    const controller = new AbortController();
    const sleeping = timers.sleep(1e9, controller.signal);
    controller.abort(new RangeError("enough"));
    await assert.rejects(sleeping, RangeError);
    await assert.rejects(timers.sleep(1, controller.signal), RangeError);
    await timers.sleep(0, new AbortController().signal);
  });

  test(`${name} random: in range`, () => {
    const { random } = make();
    for (let i = 0; i < 1000; i++) {
      const [real, integer] = [random.next(), random.nextUint32()];
      assert.ok(real >= 0 && real < 1);
      assert.ok(Number.isInteger(integer) && integer >= 0 && integer < 2 ** 32);
    }
  });

  test(`${name} clock and host`, () => {
    const { clock, host } = make();
    const started = clock.monotonic();
    assert.ok(started <= clock.monotonic() && Number.isInteger(clock.now()));
    assert.ok(host.processors >= 1 && host.hostname !== "");
    assert.equal(host.environment("MILLRACE_SURELY_NOT_SET"), undefined);
  });
}

/** Runs a program on the system platform in a process of its own. */
function runProgram(body: string): {
  status: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
} {
  const url = JSON.stringify(new URL("./system/index.ts", import.meta.url).href);
  const source = `import { systemPlatform } from ${url};\nconst { host, timers } = systemPlatform;\n${body}`;
  return spawnSync(process.execPath, ["--input-type=module", "--eval", source], { encoding: "utf8" });
}

test("system host: output before an exit is not lost", () => {
  const { status, stdout, stderr } = runProgram(
    `host.stdout("x".repeat(1_000_000)); host.stderr("err"); host.stdout("\\nend\\n"); host.exit(3); host.stdout("never");`,
  );
  assert.deepEqual([status, stdout.length, stdout.endsWith("x\nend\n"), stderr], [3, 1_000_005, true, "err"]);
});

test("system host: a reader that goes away is no failure", () => {
  const url = JSON.stringify(new URL("./system/index.ts", import.meta.url).href);
  const source = `
    import { systemPlatform } from ${url};
    for (let i = 0; i < 2000; i++) { systemPlatform.host.stdout("line\\n"); await systemPlatform.timers.yieldTurn(); }
    systemPlatform.host.stderr("done");`;
  const command = `"$0" --input-type=module --eval "$1" | head -n 1`;
  const { stdout, stderr } = spawnSync("sh", ["-c", command, process.execPath, source], { encoding: "utf8" });
  assert.deepEqual([stdout, stderr], ["line\n", "done"]);
});

test("system host: signals reach their handlers until removed, and do not keep the process", () => {
  const { status, signal, stdout } = runProgram(`
    const remove = host.onSignal("SIGTERM", () => host.stdout("caught\\n"));
    process.kill(process.pid, "SIGTERM");
    await timers.sleep(20);
    remove();
    host.onSignal("SIGINT", () => {});
    host.stdout("end\\n");
  `);
  assert.deepEqual([status, signal, stdout], [0, null, "caught\nend\n"]);
});

test("system timers: unref'ed ones do not keep the process, very long ones do not run at once", () => {
  const { status, stdout } = runProgram(`
    timers.schedule(60_000, () => host.stdout("late"), { unref: true });
    timers.schedule(2 ** 40, () => host.stdout("at once"), { unref: true });
    timers.schedule(5, () => host.stdout("soon"));
  `);
  assert.deepEqual([status, stdout], [0, "soon"]);
});

/** A program with timers, turns, chance, files and connections all interleaved. */
async function busyProgram(platform: DeterministicPlatform): Promise<string[]> {
  const { clock, timers, random, files, network } = platform;
  const log: string[] = [];
  const note = (what: string): number => log.push(`${clock.now()} ${what}`);
  const listener = await network.listen(0, connection => ({
    onData: bytes => {
      note(`got ${bytes.length}`);
      void connection.write(bytes);
    },
    onClose: () => note("closed"),
  }));
  const worker = async (id: number): Promise<void> => {
    const connection = network.connect("localhost", listener.port, {
      onData: bytes => note(`${id} answered ${bytes.length}`),
      onClose: () => note(`${id} over`),
    });
    for (let i = 0; i < 5; i++) {
      await timers.sleep(Math.floor(random.next() * 20));
      note(`${id} woke`);
      await connection.write("x".repeat(1 + (random.nextUint32() % 9)));
      const writer = await files.create(`/out/${id}-${i}`);
      await writer.close();
      await timers.yieldTurn();
      note(`${id} wrote ${(await files.list("/out")).length}`);
    }
    connection.close();
  };
  await platform.run(Promise.all([worker(1), worker(2), worker(3)]));
  await platform.run(listener.close());
  return log;
}

test("simulated: the same seed gives the same run, another seed another", async () => {
  const runs = await Promise.all([7, 7, 8].map(seed => busyProgram(createDeterministicPlatform({ seed }))));
  assert.ok((runs[0]?.length ?? 0) > 40);
  assert.deepEqual(runs[0], runs[1]);
  assert.notDeepEqual(runs[0], runs[2]);
});

test("simulated: timers run in order, what follows from one before the next", async () => {
  const platform = createDeterministicPlatform({ seed: 1, startMs: 1000 });
  const { clock, timers } = platform;
  const seen: string[] = [];
  const at = (ms: number, name: string): void => {
    timers.schedule(ms, async () => {
      seen.push(`${clock.now()} ${name}`);
      await timers.yieldTurn();
      seen.push(`${clock.now()} ${name} goes on`);
    });
  };
  at(20, "c");
  at(10, "a");
  at(10, "b");
  timers.schedule(15, () => seen.push("never")).cancel();
  await platform.advance(10);
  assert.deepEqual(seen, ["1010 a", "1010 a goes on", "1010 b", "1010 b goes on"]);
  timers.schedule(5, () => at(0, "between"));
  await platform.advance(100);
  assert.deepEqual(seen.slice(4), ["1015 between", "1015 between goes on", "1020 c", "1020 c goes on"]);
  assert.deepEqual([clock.now(), clock.monotonic()], [1110, 110]);
});

test("simulated: moves of the clock wait for each other", async () => {
  const platform = createDeterministicPlatform({ seed: 1 });
  await Promise.all([platform.advance(10), platform.advance(5)]);
  assert.equal(platform.clock.now(), 15);
  await assert.rejects(async () => platform.advance(-1), coded("MR_BAD_ARGUMENT"));
});

test("simulated: run lets time pass until a promise is settled", async () => {
  const platform = createDeterministicPlatform({ seed: 1 });
  const work = async (): Promise<string> => {
    for (let i = 0; i < 5; i++) await platform.timers.sleep(100);
    return "done";
  };
  assert.equal(await platform.run(work()), "done");
  assert.equal(platform.clock.now(), 500);
  await assert.rejects(platform.run(Promise.reject(new RangeError("own"))), RangeError);
  await assert.rejects(platform.run(new Promise(() => {})), coded("MR_SIMULATION"));
  await assert.rejects(platform.run(platform.timers.sleep(2000), 1000), coded("MR_SIMULATION"));
});

test("simulated: a callback that throws does not stop the others", () => {
  const { status, stdout } = runProgram(`
    const { createDeterministicPlatform } = await import(${JSON.stringify(new URL("./deterministic/index.ts", import.meta.url).href)});
    process.on("uncaughtException", error => host.stdout(error.message + "\\n"));
    const platform = createDeterministicPlatform({ seed: 1 });
    platform.timers.schedule(0, () => { throw new RangeError("mine"); });
    platform.timers.schedule(0, () => host.stdout("other\\n"));
    await platform.settle();
  `);
  assert.deepEqual([status, stdout], [0, "mine\nother\n"]);
});

test("simulated: a program that never rests is found out", async () => {
  const platform = createDeterministicPlatform({ seed: 1 });
  let stop = false;
  const spin = async (): Promise<void> => {
    while (!stop) await platform.timers.yieldTurn();
  };
  const spinning = spin();
  await assert.rejects(platform.settle(), coded("MR_SIMULATION"));
  stop = true;
  await spinning;
});

test("simulated host: output is kept, signals are raised, the first exit counts", () => {
  const { host } = createDeterministicPlatform({ seed: 1, processors: 3, environment: { A: "1" } });
  host.stdout("a");
  host.stdout("b\n");
  host.stderr("c");
  let raised = 0;
  const remove = host.onSignal("SIGTERM", () => raised++);
  assert.deepEqual([host.raise("SIGTERM"), host.raise("SIGINT")], [true, false]);
  remove();
  assert.equal(host.raise("SIGTERM"), false);
  host.exit(2);
  host.exit(0);
  assert.deepEqual(
    [host.stdoutText, host.stderrText, raised, host.exitCode, host.processors, host.environment("A")],
    ["ab\n", "c", 1, 2, 3, "1"],
  );
});

test("simulated random: golden values, so that a seed means the same run for ever", () => {
  const { random } = createDeterministicPlatform({ seed: 42 });
  assert.deepEqual(
    [random.nextUint32(), random.nextUint32(), random.nextUint32()],
    [660444221, 3652823732, 77672526],
  );
});
