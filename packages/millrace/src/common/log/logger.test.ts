import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { millraceError } from "../errors/index.ts";
import { createDeterministicPlatform } from "../platform/deterministic/index.ts";
import { createLogger, type LogFormat, type Logger, type LogLevel, parseLogLevel } from "./index.ts";

function written(
  use: (logger: Logger) => void,
  level?: LogLevel | (() => LogLevel),
  format?: LogFormat,
): string {
  const platform = createDeterministicPlatform({ seed: 1, startMs: 1234 });
  use(createLogger("ReceiverSupervisor", { platform, ...(level && { level }), ...(format && { format }) }));
  assert.equal(platform.host.stdoutText, "");
  return platform.host.stderrText;
}

const allLevels = (logger: Logger): void => {
  for (const level of ["debug", "info", "warn", "error"] as const) logger[level](level[0] ?? "");
};

const thresholds: [LogLevel | undefined, string][] = [
  [undefined, "WARN ERROR"],
  ["debug", "DEBUG INFO WARN ERROR"],
  ["info", "INFO WARN ERROR"],
  ["warn", "WARN ERROR"],
  ["error", "ERROR"],
  ["off", ""],
];
for (const [level, expected] of thresholds) {
  test(`level ${level ?? "by default"} writes ${expected || "nothing"}`, () => {
    const lines = written(allLevels, level)
      .split("\n")
      .filter(line => line !== "");
    assert.equal(lines.map(line => line.split(" ")[0]).join(" "), expected);
  });
}

const texts: [name: string, use: (logger: Logger) => void, expected: string | RegExp][] = [
  ["a message", l => l.warn("Restarting in 2000 ms"), "WARN ReceiverSupervisor: Restarting in 2000 ms\n"],
  ["details", l => l.warn("m", { streamId: 0 }), 'WARN ReceiverSupervisor: m {"streamId":0}\n'],
  ["lines become one", l => l.warn("a\n  b\r\nc"), "WARN ReceiverSupervisor: a b c\n"],
  ["an error in one line", l => l.warn("m", new RangeError("bad")), "WARN ReceiverSupervisor: m: bad\n"],
  [
    "a coded error",
    l => l.warn("m", millraceError("MR_IO", "no disk")),
    "WARN ReceiverSupervisor: m: no disk (MR_IO)\n",
  ],
  [
    "the stack of a grave error",
    l => l.error("m", new RangeError("bad")),
    /^ERROR ReceiverSupervisor: m\nRangeError: bad\n {4}at .*\n/,
  ],
];
for (const [name, use, expected] of texts) {
  test(`text: ${name}`, () => {
    if (typeof expected === "string") assert.equal(written(use), expected);
    else assert.match(written(use), expected);
  });
}

test("json: one object a line, with the platform's time", () => {
  const line = written(l => l.error("m", millraceError("MR_IO", "no disk")), "warn", "json");
  const { err, ...fields } = JSON.parse(line) as { err: { message: string; code: string } };
  assert.deepEqual(fields, { level: "error", time: 1234, name: "ReceiverSupervisor", msg: "m" });
  assert.deepEqual([err.message, err.code], ["no disk", "MR_IO"]);
  assert.ok(line.endsWith("\n"));
});

test("a level that changes is asked for at every line", () => {
  let level: LogLevel = "off";
  const text = written(
    logger => {
      logger.error("1");
      level = "debug";
      logger.debug("2");
    },
    () => level,
  );
  assert.equal(text, "DEBUG ReceiverSupervisor: 2\n");
});

test("levels are read in any case, with Spark's names", () => {
  assert.deepEqual(
    ["WARN", " Debug ", "ALL", "TRACE", "FATAL", "OFF", "loud", "constructor"].map(parseLogLevel),
    ["warn", "debug", "debug", "debug", "error", "off", undefined, undefined],
  );
});

test("pino is loaded with the first line only, and lines survive an exit", () => {
  const program = `
    import { createRequire } from "node:module";
    import { createLogger } from ${JSON.stringify(new URL("./index.ts", import.meta.url).href)};
    const loaded = () => Object.keys(createRequire(import.meta.url).cache).some(file => file.includes("/pino/"));
    const logger = createLogger("Start");
    logger.info("quiet");
    if (loaded()) throw new Error("too early");
    logger.warn("loud");
    process.exit(loaded() ? 7 : 8);
  `;
  const args = ["--conditions=millrace-source", "--input-type=module", "--eval", program];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  assert.deepEqual([status, stderr], [7, "WARN Start: loud\n"]);
});
