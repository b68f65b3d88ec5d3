import type { DiskModel } from "../../common/platform/deterministic/index.ts";
import type { Scenario } from "./draw.ts";
import { simulate } from "./simulate.ts";

/** A small application with every kind of input and a window that builds on itself. */
const small: Omit<Scenario, "lives"> = {
  seed: 1,
  batchMs: 1000,
  partitions: 1,
  rollBytes: 60,
  checkpointMs: 1000,
  concurrentJobs: 1,
  inputs: ["files", "receiver", "offsets"],
  pipeline: {
    window: { lengthMs: 2000, slideMs: 1000, hasInverse: true },
    hasTotals: true,
    hasSessions: true,
  },
  produced: [
    { atMs: 100, input: "files", text: "a 1" },
    { atMs: 200, input: "receiver", text: "b 2" },
    { atMs: 300, input: "offsets", text: "a 3" },
    { atMs: 1500, input: "receiver", text: "a 4" },
    { atMs: 1600, input: "files", text: "c 5" },
    { atMs: 2700, input: "offsets", text: "b 6" },
  ],
};

/**
 * Runs the small application with a crash in call `call` of the file system.
 * @returns whether the crash came: if not, the application makes fewer calls
 * @throws MR_SIMULATION
 */
export async function crashInCall(call: number, model: DiskModel): Promise<boolean> {
  const ending = { kind: "crash", call, hasTakenEffect: call % 2 === 0, model } as const;
  const life = { seed: call, ending, errors: new Map(), downMs: 300, lastsMs: 6000 };
  const { crashes } = await simulate({ ...small, lives: [life] });
  return crashes === 1;
}
