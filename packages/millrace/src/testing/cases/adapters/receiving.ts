import { ManualClock } from "../../../common/clock/index.ts";
import { createDeterministicPlatform } from "../../../common/platform/deterministic/index.ts";
import { StorageLevel } from "../../../plan/index.ts";
import { PIDRateEstimator } from "../../../streaming/rate/pid-rate-estimator.ts";
import { createRateEstimator } from "../../../streaming/rate/rate-estimator.ts";
import { BlockMemory } from "../../../streaming/receiver/block-memory.ts";
import { LocalBlockStore } from "../../../streaming/receiver/local-block-store.ts";
import { ReceivedBlocks } from "../../../streaming/receiver/received-blocks.ts";
import { Receiver } from "../../../streaming/receiver/receiver.ts";
import { ReceiverTracker } from "../../../streaming/receiver/receiver-tracker.ts";
import { encodeRecords } from "../../../task/readers/block.ts";
import { list, numbers, type SequenceAdapter, type UnitAdapter } from "./adapter.ts";

const pid = { proportional: 1, integral: 0.2, derived: 0, minRate: 100 };

function pidRateEstimator(args: unknown): PIDRateEstimator {
  const [batchMs = 0, proportional = 0, integral = 0, derived = 0, minRate = 0] = numbers(args);
  return new PIDRateEstimator(batchMs, { proportional, integral, derived, minRate });
}

/** Receivers, what they store, and how fast they may. */
export const receivingAdapters: Readonly<Record<string, UnitAdapter>> = {
  "new PIDRateEstimator(batchMs,P,I,D,minRate)": pidRateEstimator,

  "RateEstimator.create": args => {
    const [estimator, batchMs] = list(args);
    return createRateEstimator({ estimator: String(estimator), pid }, Number(batchMs)).constructor.name;
  },

  "storeBlock.numRecords": async args => {
    const [what, level] = list(args).map(String) as [string, string];
    const [, form, count] = /(\w+)\((\d+)\)/.exec(what) ?? [];
    const records = Array.from({ length: Number(count) }, (_, i) => i);
    const receiver = new IdleReceiver(StorageLevel[level as "MEMORY_ONLY"]);
    const tracker = trackerOf(receiver);
    tracker.start();
    if (form === "bytes") await receiver.storeBytes(encodeRecords(records));
    else await receiver.storeBlock(form === "array" ? records : records.values());
    tracker.allocateBlocksTo(1);
    return tracker.blocksOf(1, 0)[0]?.numRecords ?? null;
  },
};

/** Steps of `compute`: no estimate is `null`. */
export const rateEstimates: SequenceAdapter = args => {
  const estimator = pidRateEstimator(args);
  return (_, stepArgs) => {
    const [timeMs = 0, records = 0, processingMs = 0, schedulingMs = 0] = numbers(stepArgs);
    return estimator.compute(timeMs, records, processingMs, schedulingMs) ?? null;
  };
};

/** Which blocks are in which batch, of one stream; blocks are named `b1` to `b5`. */
export const receivedBlocks: SequenceAdapter = () => {
  const blocks = new ReceivedBlocks();
  let lastMs = 0;
  const names = (found: readonly { readonly id: string }[]) =>
    found.length === 0 ? "" : `${found[0]?.id}..${found.at(-1)?.id}`;
  return (call, stepArgs) => {
    const [timeMs = 0] = numbers(stepArgs);
    if (call.startsWith("add ")) {
      for (let i = 1; i <= 5; i++) {
        blocks.add({
          id: `b${i}`,
          streamId: 0,
          block: { kind: "values", values: [i] },
          numRecords: 1,
          storageLevel: StorageLevel.MEMORY_ONLY,
        });
      }
      return null;
    }
    switch (call) {
      case "isWriteAheadLogEnabled":
        return false;
      case "getUnallocatedBlocks":
        return names(blocks.unallocated) || [];
      case "hasUnallocated":
        return blocks.hasUnallocated;
      case "allocateBlocksToBatch": {
        const before = [blocks.unallocated.length, blocks.ofBatch(timeMs, 0).length];
        blocks.allocateTo(timeMs);
        const isKept =
          before[0] === blocks.unallocated.length && before[1] === blocks.ofBatch(timeMs, 0).length;
        const isLate = timeMs <= lastMs;
        lastMs = Math.max(lastMs, timeMs);
        return isLate && isKept ? "no effect" : null;
      }
      case "getBlocksOfBatch":
        return `{stream: ${names(blocks.ofBatch(timeMs, 0)) || "[]"}}`;
      default:
        return names(blocks.ofBatch(timeMs, 0)) || [];
    }
  };
};

class IdleReceiver extends Receiver<unknown> {
  override onStart() {}
  override onStop() {}
}

function trackerOf(receiver: Receiver<unknown>): ReceiverTracker {
  const ignore = () => {};
  const platform = createDeterministicPlatform({ seed: 1 });
  return new ReceiverTracker({
    inputs: [{ streamId: 0, receiver }],
    clock: new ManualClock(),
    timers: platform.timers,
    hostname: "simulated",
    batchMs: 1000,
    maxWaitingBytes: 2 ** 20,
    settings: {
      blockIntervalMs: 200,
      blockQueueSize: 10,
      restartDelayMs: 2000,
      maxRate: undefined,
      initialRate: undefined,
    },
    store: new LocalBlockStore({
      files: platform.files,
      directory: "/blocks",
      memory: new BlockMemory(2 ** 20, false),
    }),
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    post: ignore,
  });
}
