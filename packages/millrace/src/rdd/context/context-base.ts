import { type AnyFunction, checkClosure } from "../../closure/index.ts";
import { type CallSite, currentCallSite } from "../../common/call-site.ts";
import type { SparkConf } from "../../common/conf/index.ts";
import { millraceError } from "../../common/errors/index.ts";
import { type FileSystems, platformWith } from "../../common/files/file-systems.ts";
import { createLogger, type Logger, type LogLevel, parseLogLevel } from "../../common/log/index.ts";
import type { Platform } from "../../common/platform/platform.ts";
import { createEngine, type Engine, ListenerBus } from "../../engine/index.ts";
import type { PlanNode } from "../../plan/index.ts";
import { builtinName } from "../../task/builtins/index.ts";
import { readScheduling } from "./read-scheduling.ts";
import { readStorage } from "./read-storage.ts";
import { startEvents } from "./start-events.ts";

/** What a `SparkContext` is made of: configuration, platform, log and engine. */
export abstract class ContextBase {
  /** A copy of the configuration the context was made with. */
  readonly conf: SparkConf;
  /** The clock, timers, files and sockets everything of this context uses. */
  readonly platform: Platform;
  /** Writes what the context has to say, down to `spark.log.level`. */
  readonly log: Logger;
  /** As given: `local[2]`. */
  readonly master: string;
  /** As given: for logs and the UI. */
  readonly appName: string;
  /** Milliseconds since the epoch. */
  readonly startTime: number;
  /** Unique on this machine, such as `local-1763709600000`. */
  readonly applicationId: string;
  protected readonly engine: Engine;
  /** Where jobs, stages and tasks are told of. */
  protected readonly events: ListenerBus;
  #logLevel: LogLevel;
  readonly #closeEvents: () => Promise<void>;

  /** `conf` is the context's own from now on. @throws MR_MASTER_INVALID, MR_BAD_ARGUMENT */
  constructor(conf: SparkConf, ownPlatform: Platform, fileSystems: FileSystems = {}) {
    this.conf = conf;
    const platform = platformWith(ownPlatform, fileSystems);
    this.platform = platform;
    this.#logLevel = logLevel(this.conf.get("spark.log.level"));
    this.log = createLogger("SparkContext", { platform: this.platform, level: () => this.#logLevel });
    this.master = required(this.conf, "spark.master", "setMaster");
    this.appName = required(this.conf, "spark.app.name", "setAppName");
    this.startTime = this.platform.clock.now();
    this.applicationId = `local-${this.startTime}`;
    this.events = new ListenerBus(this.log);
    const scheduling = readScheduling(conf, platform);
    const storage = readStorage(conf, platform);
    this.engine = createEngine(this.master, platform, this.log, { events: this.events, scheduling, storage });
    this.#closeEvents = startEvents(this.events, conf, platform, this.log, this.applicationId);
    const { applicationId: appId, appName, startTime: time } = this;
    this.events.post({ kind: "applicationStart", appId, appName, time });
  }

  /** Gives up running jobs and releases threads; listeners hear of all of it. */
  protected async shutDown(): Promise<void> {
    await this.engine.stop();
    this.events.post({ kind: "applicationEnd", time: this.platform.clock.now() });
    await this.#closeEvents();
  }

  /** Whether `stop` was called. */
  abstract get isStopped(): boolean;

  /**
   * A copy of the configuration: changing it changes nothing.
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "getConf");
   * assert.equal(sc.getConf().get("spark.app.name"), "getConf");
   * await sc.stop();
   * ```
   */
  getConf(): SparkConf {
    return this.conf.clone();
  }

  /**
   * What is logged from now on, instead of what `spark.log.level` said.
   *
   * @param level in any case: `ALL`, `TRACE`, `DEBUG`, `INFO`, `WARN`, `ERROR`, `FATAL` or `OFF`
   * @throws MR_BAD_ARGUMENT for others
   *
   * ```ts
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "setLogLevel");
   * sc.setLogLevel("ERROR");
   * await sc.stop();
   * ```
   */
  setLogLevel(level: string): void {
    this.#logLevel = logLevel(level);
  }

  /**
   * Lets go of what is kept of a plan node. Used by `RDD.unpersist`.
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "unpersist");
   * const kept = sc.parallelize([1]).cache();
   * await kept.count();
   * sc.unpersist(kept.plan);
   * assert.equal(await kept.count(), 1);
   * await sc.stop();
   * ```
   */
  unpersist(node: PlanNode): void {
    if (!this.isStopped) this.engine.unpersist(node);
  }

  /**
   * Checks that tasks can run a function elsewhere; warnings about it are logged. Used where operations are
   * declared.
   *
   * @throws MR_CLOSURE_UNSHIPPABLE, MR_CLOSURE_NATIVE
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "checkFunction");
   * const site = { file: "/app.ts", line: 1, column: 1, text: "app.ts:1" };
   * assert.throws(() => sc.checkFunction(() => sc.appName, "map", site), { code: "MR_CLOSURE_UNSHIPPABLE" });
   * await sc.stop();
   * ```
   */
  checkFunction(fn: AnyFunction, operator: string, site: CallSite): void {
    if (builtinName(fn) !== undefined || currentCallSite() !== undefined) return;
    for (const warning of checkClosure(fn, { operator, site: site.text })) this.log.warn(warning.message);
  }

  /**
   * Makes the engine ready for jobs: one of a cluster connects, which would else be part of the first job. Used
   * where batches begin to run by the clock.
   *
   * @throws MR_ENGINE_MISSING, MR_SPARK_UNREACHABLE, MR_SPARK_EXECUTOR with a master `sc://`
   *
   * ```ts
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "connect");
   * await sc.connect();
   * await sc.stop();
   * ```
   */
  async connect(): Promise<void> {
    await this.engine.connect?.();
  }

  /**
   * Does nothing while the context runs.
   *
   * @throws MR_CONTEXT_STOPPED after `stop`
   *
   * ```ts
   * import assert from "node:assert";
   * import { SparkContext } from "millrace";
   * const sc = new SparkContext("local", "assertRunning");
   * sc.assertRunning();
   * await sc.stop();
   * assert.throws(() => sc.assertRunning(), { code: "MR_CONTEXT_STOPPED" });
   * ```
   */
  assertRunning(): void {
    if (this.isStopped) throw millraceError("MR_CONTEXT_STOPPED", "this SparkContext was stopped");
  }
}

function logLevel(text: string): LogLevel {
  const level = parseLogLevel(text);
  if (level !== undefined) return level;
  throw millraceError("MR_BAD_ARGUMENT", `${JSON.stringify(text)} is no level of the log`, {
    hint: "These are known: ALL, TRACE, DEBUG, INFO, WARN, ERROR, FATAL, OFF.",
  });
}

function required(conf: SparkConf, key: "spark.master" | "spark.app.name", setter: string): string {
  const value = conf.getOption(key);
  if (value !== undefined && value !== "") return value;
  throw millraceError("MR_BAD_ARGUMENT", `${key} is not set`, { hint: `Call ${setter} on the SparkConf.` });
}
