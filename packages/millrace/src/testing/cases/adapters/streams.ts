import { planRestart, restartTime } from "../../../streaming/checkpoint/restart-plan.ts";
import { defaultCheckpointMs } from "../../../streaming/dstream/checkpoint-interval.ts";
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

  "DStream.initialize": args => defaultCheckpointMs(numbers(args)[0] ?? 0),

  "RecurringTimer.getRestartTime": args => {
    const [nowMs = 0, zeroMs = 0, periodMs = 0] = numbers(args);
    return restartTime(nowMs, zeroMs, periodMs);
  },

  // A checkpoint of Spark does not tell whether its own batch was done, so that batch counts as pending.
  "JobGenerator.restart": args => {
    const { checkpointTime, pending, batchMs, now, zeroTime } = args as RestartArguments;
    const open = [...new Set([...pending, checkpointTime])].sort((a, b) => a - b);
    const stopped = { zeroMs: zeroTime, batchMs, open, lastMs: Math.max(...open) };
    const { times, firstMs } = planRestart(stopped, now, "replay");
    return { rerun: times, firstNew: firstMs };
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

interface RestartArguments {
  readonly checkpointTime: number;
  readonly pending: readonly number[];
  readonly batchMs: number;
  readonly now: number;
  readonly zeroTime: number;
}

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
