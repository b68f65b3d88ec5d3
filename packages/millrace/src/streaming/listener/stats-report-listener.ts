import { millraceError } from "../../common/errors/index.ts";
import { systemPlatform } from "../../common/platform/system/index.ts";
import type { BatchInfo } from "../scheduler/batch-info.ts";
import type { StreamingListener } from "../scheduler/streaming-listener.ts";
import { quartilesOf } from "./distribution.ts";

/**
 * Prints after every batch how the delays of the last batches are distributed: how long a batch took from its
 * submission to its end, and how much of that it was processed.
 *
 * ```ts
 * import { StatsReportListener, StreamingContext } from "millrace";
 * import assert from "node:assert";
 * const ssc = new StreamingContext("local", "example", "20ms");
 * const lines: string[] = [];
 * ssc.addStreamingListener(new StatsReportListener(5, line => lines.push(line)));
 * ssc.queueStream([["to", "be"]]).print();
 * await ssc.start();
 * await ssc.awaitTerminationOrTimeout(60);
 * await ssc.stop();
 * assert.match(lines[0] ?? "", /^Total delay: count 1, min \d+ ms, 25 % \d+ ms, median/);
 * ```
 */
export class StatsReportListener implements StreamingListener {
  readonly #numBatches: number;
  readonly #print: (line: string) => void;
  readonly #batches: BatchInfo[] = [];

  /**
   * @param numBatches over how many batches; default 10
   * @param print takes each line; default standard output
   * @throws MR_BAD_ARGUMENT unless `numBatches` is a positive integer
   */
  constructor(numBatches = 10, print = (line: string): void => systemPlatform.host.stdout(`${line}\n`)) {
    if (!Number.isSafeInteger(numBatches) || numBatches < 1) {
      throw millraceError("MR_BAD_ARGUMENT", `StatsReportListener needs at least 1 batch, got ${numBatches}`);
    }
    this.#numBatches = numBatches;
    this.#print = print;
  }

  /** Called by the context. */
  onBatchCompleted({ batchInfo }: { readonly batchInfo: BatchInfo }): void {
    this.#batches.push(batchInfo);
    if (this.#batches.length > this.#numBatches) this.#batches.shift();
    this.#report("Total delay", batch => batch.totalDelay);
    this.#report("Processing time", batch => batch.processingDelay);
  }

  #report(title: string, delayOf: (batch: BatchInfo) => number | undefined): void {
    const quartiles = quartilesOf(this.#batches.map(delayOf).filter(delay => delay !== undefined));
    if (quartiles === undefined) return;
    const { count, min, lower, median, upper, max } = quartiles;
    this.#print(
      `${title}: count ${count}, min ${min} ms, 25 % ${lower} ms, median ${median} ms, 75 % ${upper} ms, max ${max} ms`,
    );
  }
}
