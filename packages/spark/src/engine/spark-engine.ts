import {
  cancelled,
  type Engine,
  type Job,
  type Logger,
  mergeUpdates,
  type PlanNode,
  type Platform,
} from "millrace/engine";
import type { ConnectUrl } from "../connect/connect-url.ts";
import { preimages } from "../connect/murmur.ts";
import { cachedRelation } from "../connect/relations.ts";
import { KeptRelationLost } from "../connect/remote-error.ts";
import { Cluster } from "./cluster.ts";
import { assertLineage, KeptRelations } from "./kept-relations.ts";
import { readKept, readResults, readUpdates } from "./results.ts";
import { allPartitions, buildStage, type JobContext } from "./stage-builder.ts";
import { InlineBudget } from "./stage-inputs.ts";

/** How often a job is begun again because something it reads is no longer kept. */
const MAX_LOSSES = 3;

/** Of this many broadcast variables executors are told that they are destroyed: the last ones. */
const MAX_DESTROYED = 50;

/**
 * Runs plans on a Spark cluster: a job is one plan of Spark, whose shuffles move our encoded blocks; persisted
 * nodes are checkpoints that stay there.
 */
export class SparkEngine implements Engine {
  /** Connect has no call that tells the number of cores. */
  readonly parallelism = 2;
  readonly #url: ConnectUrl;
  readonly #platform: Platform;
  readonly #log: Logger;
  readonly #kept: KeptRelations;
  #cluster: Promise<Cluster> | undefined;
  #lastStage = 0;
  #destroyed: readonly string[] = [];

  /** Connects when it is first needed. */
  constructor(url: ConnectUrl, platform: Platform, log: Logger) {
    this.#url = url;
    this.#platform = platform;
    this.#log = log;
    this.#kept = new KeptRelations(id => this.#remove(id));
  }

  async connect(): Promise<void> {
    await this.#connected();
  }

  async run(job: Job): Promise<unknown[]> {
    if (job.partitions.length === 0) return [];
    for (let losses = 0; ; ) {
      if (job.cancellation.isCancelled) throw cancelled(job.cancellation.reason);
      const used = new Set<PlanNode>();
      try {
        return await this.#runOnce(job, used);
      } catch (error) {
        if (!(error instanceof KeptRelationLost)) throw error;
        losses += 1;
        for (const node of used) {
          this.#kept.forget(node.id);
          assertLineage(node);
        }
        if (losses >= MAX_LOSSES) throw error.cause;
        this.#log.warn(`kept partitions are lost and computed again: ${error.message}`);
      }
    }
  }

  unpersist(node: PlanNode): void {
    this.#kept.forget(node.id);
  }

  /** Executors hear of it with the next plans. What `unpersist` frees would only be read from its file again. */
  releaseBroadcast(key: string, what: "unpersist" | "destroy"): void {
    if (what === "destroy") this.#destroyed = [...this.#destroyed.slice(1 - MAX_DESTROYED), key];
  }

  /** The cluster keeps its own books. */
  storageStatus(): readonly [] {
    return [];
  }

  async stop(): Promise<void> {
    const cluster = await this.#cluster?.catch(() => undefined);
    await cluster?.session.close();
  }

  #connected(): Promise<Cluster> {
    if (this.#cluster === undefined) {
      const opening = Cluster.open(this.#url, this.#platform);
      this.#cluster = opening;
      opening.catch(() => {
        // A server that was not there may be later.
        if (this.#cluster === opening) this.#cluster = undefined;
      });
    }
    return this.#cluster;
  }

  async #runOnce(job: Job, used: Set<PlanNode>): Promise<unknown[]> {
    const cluster = await this.#connected();
    const context: JobContext = {
      cluster,
      kept: this.#kept,
      budget: new InlineBudget(),
      used,
      keep: node => this.#kept.relationOf(node, () => this.#keep(node, context, job.cancellation.signal)),
      nextStage: () => ++this.#lastStage,
      destroyed: this.#destroyed,
    };
    const { node, partitions, sink, origin } = job;
    if (wantsAllThatIsKept(job)) {
      used.add(node);
      const id = await context.keep(node);
      if (id === undefined) return partitions.map(() => []);
      return readKept(await cluster.session.collect(cachedRelation(id), job.cancellation.signal), node);
    }
    const { relation } = await buildStage(
      { node, partitions, sink, origin, output: { kind: "result" } },
      context,
    );
    const rows = await cluster.session.collect(relation, job.cancellation.signal);
    const results = readResults(rows, partitions.length, sink);
    mergeUpdates(readUpdates(rows));
    return results;
  }

  async #keep(
    node: PlanNode,
    context: JobContext,
    signal: AbortSignal | undefined,
  ): Promise<string | undefined> {
    if (node.numPartitions === 0) return undefined;
    const { cluster } = context;
    const { relation, mayCount } = await buildStage(
      {
        node,
        partitions: allPartitions(node),
        sink: { kind: "keep" },
        origin: node,
        output: { kind: "keep", node: node.id, targets: preimages(node.numPartitions) },
      },
      context,
    );
    const id = await cluster.session.checkpoint(relation, node.storageLevel, signal);
    if (mayCount) await this.#count(cluster, id, signal);
    return id;
  }

  /** Takes in what the tasks that made a kept relation have added to accumulators. */
  async #count(cluster: Cluster, relationId: string, signal: AbortSignal | undefined): Promise<void> {
    try {
      const updates = cluster.run(cachedRelation(relationId), { kind: "updates" });
      mergeUpdates(readUpdates(await cluster.session.collect(updates, signal)));
    } catch (error) {
      this.#remove(relationId);
      throw error;
    }
  }

  #remove(relationId: string): void {
    void this.#cluster?.then(
      ({ session }) => session.remove(relationId).catch(() => {}),
      () => {},
    );
  }
}

/** Whether the rows of a kept node are all the job asks for: then no task has to pass them on. */
function wantsAllThatIsKept({ node, partitions, sink }: Job): boolean {
  return (
    sink.kind === "collect" &&
    node.storageLevel.isValid &&
    node.op !== "stateView" &&
    partitions.length === node.numPartitions &&
    partitions.every((partition, i) => partition === i)
  );
}
