import { captureCallSite, withCallSite } from "../../common/call-site.ts";
import { millraceError } from "../../common/errors/index.ts";
import type { Time } from "../../common/time/index.ts";
import {
  type OutputFormatRef,
  type RDD,
  type SaveFormatOptions,
  type SaveOptions,
  TextOutputFormat,
} from "../../rdd/index.ts";
import type { Sink } from "../sink/sink.ts";
import { sinkOutput } from "../sink/write-to.ts";
import { checkDriverFunction } from "./check-function.ts";
import { forEachRDD } from "./for-each.ts";
import { outputPath } from "./output-path.ts";
import { printRDD } from "./printed.ts";
import { StreamBase } from "./stream-base.ts";

/** How files of a stream are written; what is there from an earlier run of the same batch is always replaced. */
export type StreamSaveOptions = Omit<SaveOptions, "overwrite">;

/** What is done with every batch. Each call is one job per batch, in the order of the calls. */
export abstract class OutputOperations<T> extends StreamBase<T> {
  /**
   * Calls `f` on the driver with the RDD and the time of every batch and waits for it, so `f` is usually
   * `async`. Nothing is computed unless `f` runs an action. What it throws ends `awaitTermination`; later
   * batches go on. After a failure a batch may be run again: use its time to write it once only.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc.queueStream([[1, 2, 3]]).foreachRDD(async (rdd, time) => {
   *   assert.deepEqual(await rdd.collect(), [1, 2, 3]);
   *   console.log(`batch of ${time}`);
   *   void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * ```
   */
  foreachRDD(f: (rdd: RDD<T>, time: Time) => unknown): void {
    this.#output("foreachRDD", f);
  }

  /**
   * Writes the first `count` records of every batch to standard output, under the time of the batch.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc.queueStream([["to", "be"]]).map(word => [word, 1]).print();
   * await ssc.start();
   * await ssc.awaitTerminationOrTimeout(50);
   * await ssc.stop();
   * ```
   *
   * @param count default 10
   * @throws MR_BAD_ARGUMENT when it is no integer of at least 0
   */
  print(count = 10): void {
    if (!Number.isSafeInteger(count) || count < 0) {
      throw millraceError("MR_BAD_ARGUMENT", `print needs an integer of at least 0, got ${count}`);
    }
    const { host } = this.context.platform;
    const site = captureCallSite("print");
    this.#output("print", (rdd, time) => withCallSite(site, () => printRDD(host, rdd, time, count)));
  }

  /**
   * Writes every batch as text, a line per record, to a directory `prefix-TIME_IN_MS[.suffix]`; one that is
   * there, because the batch runs again, is replaced.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * import { mkdtempSync, readdirSync, rmSync } from "node:fs";
   * import { tmpdir } from "node:os";
   * import { join } from "node:path";
   * const folder = mkdtempSync(join(tmpdir(), "words-"));
   * const ssc = new StreamingContext("local", "example", "20ms");
   * const words = ssc.queueStream([["to", "be"]]);
   * words.saveAsTextFiles(join(folder, "words"), "txt");
   * words.foreachRDD(() => void ssc.stop());
   * await ssc.start();
   * await ssc.awaitTermination();
   * assert.match(readdirSync(folder)[0] ?? "", /^words-\d+\.txt$/);
   * rmSync(folder, { recursive: true });
   * ```
   *
   * @param suffix default none
   */
  saveAsTextFiles(prefix: string, suffix = "", options: StreamSaveOptions = {}): void {
    this.#saved("saveAsTextFiles", prefix, suffix, (rdd, path) =>
      rdd.saveAsTextFile(path, { ...options, overwrite: true }),
    );
  }

  /**
   * Writes every batch to a sink, with the batch time as the key, so that a batch that runs again is not
   * written twice: `fileSink`, `sqliteSink`, those of packages such as `@millrace/postgres`, or your own. With
   * a checkpoint directory each batch is there exactly once, whatever happens to the process.
   *
   * ```ts
   * import { fileSink, StreamingContext } from "millrace";
   * import assert from "node:assert";
   * import { mkdtempSync, readFileSync, rmSync } from "node:fs";
   * import { tmpdir } from "node:os";
   * import { join } from "node:path";
   * const folder = mkdtempSync(join(tmpdir(), "words-"));
   * const ssc = new StreamingContext("local", "example", "20ms");
   * const words = ssc.queueStream([["to", "be"]]);
   * words.writeTo(fileSink(folder, { format: "text" }));
   * words.foreachRDD(() => void ssc.stop());
   * await ssc.start();
   * await ssc.awaitTermination();
   * assert.equal(readFileSync(join(folder, "part-00000001.txt"), "utf8"), "to\nbe\n");
   * rmSync(folder, { recursive: true });
   * ```
   *
   * @throws MR_SINK_IN_USE when another output of the context writes there
   */
  writeTo(sink: Sink<T>): void {
    const site = captureCallSite("writeTo");
    const { graph } = this.context;
    if (graph.outputs.some(({ participant }) => participant?.name === sink.name)) {
      throw millraceError("MR_SINK_IN_USE", `Another output writes to ${sink.name}`, {
        operator: "writeTo",
        site: site.text,
      });
    }
    graph.addOutput(sinkOutput(this.node, sink, site));
  }

  /**
   * Writes every batch as it is, for `sc.objectFile` to read again, to a directory `prefix-TIME_IN_MS[.suffix]`;
   * one that is there, because the batch runs again, is replaced.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import assert from "node:assert";
   * import { mkdtempSync, rmSync } from "node:fs";
   * import { tmpdir } from "node:os";
   * import { join } from "node:path";
   * const folder = mkdtempSync(join(tmpdir(), "numbers-"));
   * const ssc = new StreamingContext("local", "example", "20ms");
   * const numbers = ssc.queueStream([[1, 2]]);
   * numbers.saveAsObjectFiles(join(folder, "numbers"));
   * numbers.foreachRDD(async (_, time) => {
   *   const again = ssc.sc.objectFile<number>(join(folder, `numbers-${time.milliseconds}`));
   *   assert.deepEqual(await again.collect(), [1, 2]);
   *   void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * rmSync(folder, { recursive: true });
   * ```
   *
   * @param suffix default none
   * @param options `codec`: compresses the files
   */
  saveAsObjectFiles(prefix: string, suffix = "", options: StreamSaveOptions = {}): void {
    this.#saved("saveAsObjectFiles", prefix, suffix, (rdd, path) =>
      rdd.saveAsObjectFile(path, { ...options, overwrite: true }),
    );
  }

  /**
   * Writes every batch in a format of your choice, such as `TextOutputFormat` (key, tab and value) or one of
   * your own, to a directory `prefix-TIME_IN_MS[.suffix]`; one that is there, because the batch runs again, is
   * replaced.
   *
   * ```ts
   * import { JsonLinesOutputFormat, StreamingContext } from "millrace";
   * import assert from "node:assert";
   * import { mkdtempSync, rmSync } from "node:fs";
   * import { tmpdir } from "node:os";
   * import { join } from "node:path";
   * const folder = mkdtempSync(join(tmpdir(), "words-"));
   * const ssc = new StreamingContext("local", "example", "20ms");
   * const words = ssc.queueStream([["to", "be"]]).map(word => [word, 1]);
   * words.saveAsHadoopFiles(join(folder, "words"), "json", JsonLinesOutputFormat);
   * words.foreachRDD(async (_, time) => {
   *   const lines = ssc.sc.textFile(join(folder, `words-${time.milliseconds}.json`));
   *   assert.deepEqual(await lines.collect(), ['["to",1]', '["be",1]']);
   *   void ssc.stop();
   * });
   * await ssc.start();
   * await ssc.awaitTermination();
   * rmSync(folder, { recursive: true });
   * ```
   *
   * @param suffix `""` for none
   * @param outputFormat default `TextOutputFormat`
   * @param options `codec`: compresses the files; others are the format's
   */
  saveAsHadoopFiles(
    prefix: string,
    suffix = "",
    outputFormat: OutputFormatRef = TextOutputFormat,
    options: SaveFormatOptions = {},
  ): void {
    this.#saved("saveAsHadoopFiles", prefix, suffix, (rdd, path) =>
      rdd.saveAsHadoopFile(path, outputFormat, { ...options, overwrite: true }),
    );
  }

  /**
   * As `saveAsHadoopFiles`: Spark has two methods because Hadoop had two interfaces.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * import { mkdtempSync, rmSync } from "node:fs";
   * import { tmpdir } from "node:os";
   * import { join } from "node:path";
   * const folder = mkdtempSync(join(tmpdir(), "words-"));
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc.queueStream([["to", "be"]]).map(word => [word, 1]).saveAsNewAPIHadoopFiles(join(folder, "words"));
   * await ssc.start();
   * await ssc.awaitTerminationOrTimeout(50);
   * await ssc.stop();
   * rmSync(folder, { recursive: true });
   * ```
   */
  saveAsNewAPIHadoopFiles(
    prefix: string,
    suffix = "",
    outputFormat: OutputFormatRef = TextOutputFormat,
    options: SaveFormatOptions = {},
  ): void {
    this.#saved("saveAsNewAPIHadoopFiles", prefix, suffix, (rdd, path) =>
      rdd.saveAsNewAPIHadoopFile(path, outputFormat, { ...options, overwrite: true }),
    );
  }

  /**
   * Makes this stream an output that is computed in every batch and otherwise let go.
   *
   * ```ts
   * import { StreamingContext } from "millrace";
   * const ssc = new StreamingContext("local", "example", "20ms");
   * ssc.queueStream([[1, 2]]).map(n => console.log(n)).register();
   * await ssc.start();
   * await ssc.awaitTerminationOrTimeout(50);
   * await ssc.stop();
   * ```
   */
  register(): this {
    const site = captureCallSite("register");
    this.#output("register", rdd => withCallSite(site, () => rdd.count()));
    return this;
  }

  #saved(
    operator: string,
    prefix: string,
    suffix: string,
    save: (rdd: RDD<T>, path: string) => Promise<void>,
  ): void {
    const site = captureCallSite(operator);
    this.#output(operator, (rdd, time) => {
      const path = outputPath(prefix, suffix, time.milliseconds);
      return withCallSite(site, () => save(rdd, path));
    });
  }

  #output(operator: string, f: (rdd: RDD<T>, time: Time) => unknown): void {
    const site = captureCallSite(operator);
    checkDriverFunction(f, operator, site);
    this.context.graph.addOutput(forEachRDD(operator, site, this.node, f));
  }
}
