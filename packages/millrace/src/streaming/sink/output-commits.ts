import type { Logger } from "../../common/log/index.ts";
import type { CommitParticipant, SinkRun } from "./sink.ts";

/** An output that takes part in commits, and its stable id. */
export interface CommittedOutput {
  readonly outputId: string;
  readonly participant: CommitParticipant;
}

interface BegunBatch {
  readonly timeMs: number;
  outcome: "running" | "done" | "failed";
}

/**
 * Tells the outputs of a context which batches are done, in the order of batches, though batches may end in
 * another one.
 */
export class OutputCommits {
  readonly #outputs: readonly CommittedOutput[];
  readonly #log: Logger;
  readonly #onFailure: "log" | "throw";
  readonly #begun: BegunBatch[] = [];
  #telling: Promise<void> = Promise.resolve();

  /** `onFailure`: what becomes of an output that cannot be told; after `throw` none is told anything any more. */
  constructor(outputs: readonly CommittedOutput[], log: Logger, onFailure: "log" | "throw" = "log") {
    this.#outputs = outputs;
    this.#log = log;
    this.#onFailure = onFailure;
  }

  /** Opens all outputs; `directoryOf` names the place for the books of one. */
  async open(
    platform: SinkRun["platform"],
    directoryOf: (outputId: string) => string | undefined,
  ): Promise<void> {
    for (const { outputId, participant } of this.#outputs) {
      await participant.open({ platform, outputId, directory: directoryOf(outputId) });
    }
  }

  /** Batches of an earlier run did not come to their end. */
  async abort(times: readonly number[]): Promise<void> {
    for (const timeMs of times) {
      for (const { participant } of this.#outputs) await participant.abort(timeMs);
    }
  }

  /** The jobs of a batch are about to run. */
  begin(timeMs: number): void {
    if (this.#outputs.length === 0 || this.#begun.some(begun => begun.timeMs === timeMs)) return;
    this.#begun.push({ timeMs, outcome: "running" });
  }

  /**
   * The jobs of a batch have ended. Resolves when the outputs know of all batches that ended before every other;
   * `undefined` when there are no outputs to tell.
   */
  ended(timeMs: number, failed: boolean): Promise<void> | undefined {
    if (this.#outputs.length === 0) return undefined;
    const batch = this.#begun.find(begun => begun.timeMs === timeMs);
    if (batch !== undefined) batch.outcome = failed ? "failed" : "done";
    while (this.#begun[0] !== undefined && this.#begun[0].outcome !== "running") {
      const { timeMs: endedMs, outcome } = this.#begun[0];
      this.#begun.shift();
      this.#telling = this.#telling.then(() => this.#tell(endedMs, outcome));
    }
    return this.#telling;
  }

  /**
   * The jobs of a batch have failed, and another run will do it again: until then no later batch is told to be done,
   * as to outputs that means that all before it are.
   */
  failed(timeMs: number): Promise<void> {
    this.#telling = this.#telling.then(() => this.#tell(timeMs, "failed"));
    return this.#telling;
  }

  /** Closes all outputs, also when one of them fails; throws the first failure. */
  async close(): Promise<void> {
    await this.#telling.catch(() => {});
    const closed = await Promise.allSettled(this.#outputs.map(({ participant }) => participant.close()));
    for (const result of closed) if (result.status === "rejected") throw result.reason;
  }

  async #tell(timeMs: number, outcome: BegunBatch["outcome"]): Promise<void> {
    for (const { participant } of this.#outputs) {
      try {
        await (outcome === "done" ? participant.commit(timeMs) : participant.abort(timeMs));
      } catch (error) {
        if (this.#onFailure === "throw") throw error;
        this.#log.error(`${participant.name}: the end of batch ${timeMs} ms could not be told`, error);
      }
    }
  }
}
