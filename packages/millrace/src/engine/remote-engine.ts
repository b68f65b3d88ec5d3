import { millraceError } from "../common/errors/index.ts";
import type { Logger } from "../common/log/index.ts";
import type { Platform } from "../common/platform/platform.ts";
import type { PlanNode } from "../plan/index.ts";
import type { Engine, Job } from "./engine.ts";

/** What a package that brings an engine exports. */
export interface EngineModule {
  createEngine(master: string, platform: Platform, log: Logger): Engine;
}

/** The package behind `sc://` masters; it is no dependency of the core. */
const PACKAGE: string = "@millrace/spark";

/** As Spark says of a cluster it does not know the size of; `spark.default.parallelism` knows better. */
const ASSUMED_PARALLELISM = 2;

/** The engine of another package, which is loaded when it is first needed. */
export class RemoteEngine implements Engine {
  readonly parallelism = ASSUMED_PARALLELISM;
  readonly #load: () => Promise<EngineModule>;
  readonly #create: (module: EngineModule) => Engine;
  #engine: Promise<Engine> | undefined;
  #isStopped = false;

  constructor(
    master: string,
    platform: Platform,
    log: Logger,
    load: () => Promise<EngineModule> = loadSparkPackage,
  ) {
    this.#load = load;
    this.#create = module => module.createEngine(master, platform, log);
  }

  async connect(): Promise<void> {
    const engine = await this.#loaded();
    await engine.connect?.();
  }

  async run(job: Job): Promise<unknown[]> {
    if (job.partitions.length === 0) return [];
    const engine = await this.#loaded();
    return engine.run(job);
  }

  /** Before the first job there is nothing to let go of. */
  unpersist(node: PlanNode): void {
    void this.#engine?.then(
      engine => engine.unpersist(node),
      () => {},
    );
  }

  /** Before the first job nobody holds any. */
  releaseBroadcast(key: string, what: "unpersist" | "destroy"): void {
    void this.#engine?.then(
      engine => engine.releaseBroadcast(key, what),
      () => {},
    );
  }

  /** The cluster keeps its own books. */
  storageStatus(): readonly [] {
    return [];
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    const engine = await this.#engine?.catch(() => undefined);
    await engine?.stop();
  }

  async #loaded(): Promise<Engine> {
    this.#engine ??= this.#load().then(this.#create);
    const engine = await this.#engine;
    if (this.#isStopped) throw millraceError("MR_JOB_CANCELLED", "the context was stopped");
    return engine;
  }
}

async function loadSparkPackage(): Promise<EngineModule> {
  try {
    return (await import(PACKAGE)) as EngineModule;
  } catch (cause) {
    throw millraceError("MR_ENGINE_MISSING", `masters sc:// need the package ${PACKAGE}: ${String(cause)}`, {
      cause,
    });
  }
}
