import { outputPath } from "../../../streaming/dstream/output-path.ts";
import { RateLimiter } from "../../../streaming/receiver/rate-limiter.ts";
import { TestHarness, type TestHarnessOptions } from "../../test-harness.ts";
import { list, numbers, type UnitAdapter } from "./adapter.ts";

/** What a streaming context does, each in a context of its own. */
export const streamAdapters: Readonly<Record<string, UnitAdapter>> = {
  "JobGenerator first start": args => {
    const [nowMs = 0, interval = 0] = numbers(args);
    return inHarness({ interval }, async harness => {
      harness.clock.setTime(nowMs);
      const outputs = harness.outputs(harness.addInput().stream);
      await harness.advanceBatch();
      return { firstBatch: outputs.timed[0]?.timeMs, zeroTime: harness.ssc.graph.zeroMs };
    });
  },

  "DStream.print": args => {
    const { elements, num, timeMs } = args as PrintArguments;
    return inHarness({ interval: timeMs, partitions: 1 }, async harness => {
      harness.addInput([elements]).stream.print(num);
      await harness.advanceBatch();
      // The lines without the end of the last one.
      return harness.printed.split("\n").slice(0, -1);
    });
  },

  "FileInputDStream.calculateNumBatchesToRemember": args => {
    const [batchMs = 0, minRememberMs = 0] = numbers(args);
    const conf = { "spark.streaming.fileStream.minRememberDuration": `${minRememberMs}ms` };
    return inHarness({ interval: batchMs, conf }, async harness => {
      await harness.platform.files.mkdirs(harness.directory);
      const { minRememberMs: durationMs = 0 } = harness.ssc.textFileStream(harness.directory).node.operator;
      return { batches: durationMs / batchMs, durationMs };
    });
  },

  rddToFileName: args => {
    const [prefix, suffix, timeMs] = list(args);
    return outputPath(String(prefix ?? ""), String(suffix ?? ""), Number(timeMs));
  },

  "RateLimiter.updateRate": args => {
    const { rate, "spark.streaming.receiver.maxRate": maxRate } = args as RateArguments;
    const limiter = new RateLimiter(maxRate ?? undefined);
    limiter.updateRate(rate);
    return limiter.currentLimit;
  },
};

interface PrintArguments {
  readonly elements: readonly unknown[];
  readonly num: number;
  readonly timeMs: number;
}

interface RateArguments {
  readonly rate: number;
  readonly "spark.streaming.receiver.maxRate": number | null;
}

async function inHarness<R>(
  options: TestHarnessOptions,
  run: (harness: TestHarness) => Promise<R>,
): Promise<R> {
  const harness = new TestHarness(options);
  try {
    return await run(harness);
  } finally {
    await harness.stop();
  }
}
