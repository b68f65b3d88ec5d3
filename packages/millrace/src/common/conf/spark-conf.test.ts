import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type ErrorCode,
  IllegalArgumentException,
  MillraceError,
  NumberFormatException,
} from "../errors/index.ts";
import { createLogger } from "../log/index.ts";
import { createDeterministicPlatform, type DeterministicPlatform } from "../platform/deterministic/index.ts";
import { Seconds } from "../time/index.ts";
import { type ConfValue, knownKeys, SparkConf } from "./index.ts";

const coded =
  (code: ErrorCode, ...parts: string[]) =>
  (error: unknown): boolean =>
    error instanceof MillraceError &&
    error.code === code &&
    parts.every(part => error.message.includes(part));

function listened(level: "debug" | "warn" = "debug"): { conf: SparkConf; platform: DeterministicPlatform } {
  const platform = createDeterministicPlatform({ seed: 1 });
  return { platform, conf: new SparkConf({}, { logger: createLogger("SparkConf", { platform, level }) }) };
}

for (const [key, kind] of Object.entries(knownKeys)) {
  test(`the default of ${key} is one of its values`, () => {
    if (kind.fallback !== undefined) assert.doesNotThrow(() => new SparkConf().set(key, kind.fallback ?? ""));
  });
}

test("known keys read as what they are", () => {
  const conf = new SparkConf({ "spark.default.parallelism": 8 });
  // The annotations check the types.
  const interval: number = conf.get("spark.streaming.blockInterval");
  const unpersist: boolean = conf.get("spark.streaming.unpersist");
  const format: "text" | "json" = conf.get("spark.log.format");
  const parallelism: number | undefined = conf.getOption("spark.default.parallelism");
  const name: string | null = conf.get("spark.app.name", null);
  assert.deepEqual([interval, unpersist, format, parallelism, name], [200, true, "text", 8, null]);
});

const defaults: [keyof typeof knownKeys, unknown][] = [
  ["spark.streaming.backpressure.enabled", false],
  ["spark.streaming.backpressure.pid.proportional", 1],
  ["spark.streaming.backpressure.pid.integral", 0.2],
  ["spark.streaming.backpressure.pid.derived", 0],
  ["spark.streaming.backpressure.pid.minRate", 100],
  ["spark.streaming.blockInterval", 200],
  ["spark.streaming.blockQueueSize", 10],
  ["spark.streaming.receiverRestartDelay", 2000],
  ["spark.streaming.receiver.blockStoreTimeout", 30_000],
  ["spark.streaming.driver.writeAheadLog.batchingTimeout", 5000],
  ["spark.streaming.concurrentJobs", 1],
  ["spark.streaming.fileStream.minRememberDuration", 60_000],
  ["spark.streaming.ui.retainedBatches", 1000],
  ["spark.streaming.kafka.minRatePerPartition", 1],
  ["spark.ui.port", 4040],
];
test("defaults are Spark's", () => {
  const conf = new SparkConf();
  assert.deepEqual(
    defaults.map(([key]) => [key, conf.get(key)]),
    defaults,
  );
});

const readings: [key: keyof typeof knownKeys, value: ConfValue, read: unknown][] = [
  ["spark.streaming.blockInterval", "1s", 1000],
  ["spark.streaming.blockInterval", 50, 50],
  ["spark.streaming.blockInterval", Seconds(2), 2000],
  ["spark.streaming.fileStream.minRememberDuration", "90", 90_000],
  ["spark.streaming.backpressure.enabled", true, true],
  ["spark.streaming.backpressure.enabled", "TRUE", true],
  ["spark.streaming.backpressure.pid.integral", 0.5, 0.5],
  ["spark.streaming.receiver.maxRate", -1, -1],
  ["spark.log.level", "WARN", "warn"],
];
for (const [key, value, read] of readings) {
  test(`${key} set to ${value} reads ${read}`, () =>
    assert.equal(new SparkConf().set(key, value).get(key), read));
}

const rejected: [key: string, value: ConfValue, code: ErrorCode][] = [
  ["spark.streaming.blockInterval", "soon", "MR_CONF_BAD_NUMBER"],
  ["spark.streaming.blockInterval", "0.5s", "MR_CONF_BAD_NUMBER"],
  ["spark.streaming.blockInterval", "0ms", "MR_CONF_BAD_VALUE"],
  ["spark.streaming.blockInterval", "500us", "MR_CONF_BAD_VALUE"],
  ["spark.streaming.concurrentJobs", 0, "MR_CONF_BAD_VALUE"],
  ["spark.streaming.concurrentJobs", "two", "MR_CONF_BAD_NUMBER"],
  ["spark.streaming.concurrentJobs", 1.5, "MR_CONF_BAD_NUMBER"],
  ["spark.streaming.unpersist", "yes", "MR_CONF_BAD_VALUE"],
  ["spark.streaming.backpressure.pid.minRate", 0, "MR_CONF_BAD_VALUE"],
  ["spark.streaming.backpressure.pid.derived", -0.1, "MR_CONF_BAD_VALUE"],
  ["spark.streaming.backpressure.pid.derived", "Infinity", "MR_CONF_BAD_NUMBER"],
  ["spark.ui.port", 65536, "MR_CONF_BAD_VALUE"],
  ["spark.log.level", "loud", "MR_CONF_BAD_VALUE"],
  ["spark.app.name", " ", "MR_CONF_BAD_VALUE"],
];
for (const [key, value, code] of rejected) {
  test(`${key} cannot be set to "${value}": ${code}`, () => {
    const conf = new SparkConf();
    assert.throws(() => conf.set(key, value), coded(code, key, `"${value}"`, "expected"));
    assert.ok(!conf.contains(key));
  });
}

test("wrong numbers and wrong values are the exceptions of Spark", () => {
  assert.throws(() => new SparkConf().set("spark.streaming.blockInterval", "x"), NumberFormatException);
  assert.throws(() => new SparkConf().set("spark.streaming.unpersist", "x"), IllegalArgumentException);
  const wrong: unknown[] = [undefined, null, {}, () => 1];
  for (const value of wrong)
    assert.throws(() => new SparkConf().set("a", value as string), coded("MR_BAD_ARGUMENT", "a"));
  assert.throws(() => new SparkConf().set("", "x"), coded("MR_BAD_ARGUMENT"));
});

test("set, remove, contains, getAll, setIfMissing", () => {
  const conf = new SparkConf()
    .setAll([
      ["b", 1],
      ["a", "x"],
    ])
    .setIfMissing("a", "y")
    .setIfMissing("c", true);
  assert.deepEqual(conf.getAll(), [
    ["a", "x"],
    ["b", "1"],
    ["c", "true"],
  ]);
  assert.equal(conf.toDebugString(), "a=x\nb=1\nc=true");
  conf.remove("b").set("a", "z");
  assert.deepEqual(
    [conf.contains("b"), conf.get("a"), conf.getOption("b"), conf.get("b", "d")],
    [false, "z", undefined, "d"],
  );
  conf.setMaster("local[2]").setAppName("n");
  assert.deepEqual([conf.get("spark.master"), conf.get("spark.app.name")], ["local[2]", "n"]);
});

test("a key without value and default is missing, unless a fallback is given", () => {
  const conf = new SparkConf();
  assert.throws(() => conf.get("spark.app.name"), coded("MR_CONF_MISSING", "spark.app.name"));
  assert.throws(() => conf.get("other"), coded("MR_CONF_MISSING"));
  assert.throws(() => conf.getInt("other"), coded("MR_CONF_MISSING"));
  assert.equal(conf.get("spark.app.name", "none"), "none");
  assert.equal(conf.getOption("spark.streaming.blockInterval"), undefined);
});

test("a clone goes its own way", () => {
  const conf = new SparkConf({ a: "1" });
  const copy = conf.clone().set("a", "2");
  conf.set("b", "1");
  assert.deepEqual([conf.get("a"), copy.getAll()], ["1", [["a", "2"]]]);
});

test("typed getters read any key", () => {
  const conf = new SparkConf({ t: "2min", n: "7", f: "1e3", s: "2k", b: "false", bad: "7x" });
  assert.deepEqual(
    [conf.getTimeAsMs("t"), conf.getTimeAsSeconds("t"), conf.getTimeAsMs("n"), conf.getTimeAsSeconds("n")],
    [120_000, 120, 7, 7],
  );
  assert.deepEqual(
    [conf.getInt("n"), conf.getDouble("f"), conf.getSizeAsBytes("s"), conf.getBoolean("b")],
    [7, 1000, 2048, false],
  );
  assert.deepEqual(
    [
      conf.getTimeAsMs("x", "3s"),
      conf.getInt("x", 3),
      conf.getBoolean("x", true),
      conf.getSizeAsBytes("x", "1kb"),
    ],
    [3000, 3, true, 1024],
  );
  assert.equal(conf.getTimeAsMs("spark.streaming.blockInterval"), 200);
  assert.throws(() => conf.getInt("bad"), coded("MR_CONF_BAD_NUMBER", "bad", '"7x"'));
  assert.throws(() => conf.getTimeAsMs("bad"), coded("MR_CONF_BAD_NUMBER", "bad"));
});

const misspelt: [key: string, suggestion: string | undefined][] = [
  ["spark.streaming.blockinterval", "spark.streaming.blockInterval"],
  ["spark.streaming.blokInterval", "spark.streaming.blockInterval"],
  ["spark.streaming.backpresure.enabled", "spark.streaming.backpressure.enabled"],
  ["spark.streaming.maxRate", "spark.streaming.receiver.maxRate"],
  ["spark.master.", "spark.master"],
  ["spark.executor.memory", undefined],
  ["spark.sql.shuffle.partitions", undefined],
  ["spark.streaming.enabled", undefined],
];
for (const [key, suggestion] of misspelt) {
  test(`${key} ${suggestion === undefined ? "is let through" : `is thought to be ${suggestion}`}`, () => {
    const { conf, platform } = listened();
    conf.set(key, "1").set(key, "2").clone().set(key, "3");
    assert.equal(conf.get(key), "2");
    const lines = platform.host.stderrText.trimEnd().split("\n");
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? "", suggestion === undefined ? /^DEBUG SparkConf: / : /^WARN SparkConf: /);
    assert.ok(suggestion === undefined || lines[0]?.endsWith(`did you mean ${suggestion}?`));
  });
}

test("keys of others and known keys are not remarked upon", () => {
  const { conf, platform } = listened();
  conf.set("my.key", "1").set("spark.app.name", "n");
  assert.equal(platform.host.stderrText, "");
});
