import { type MillraceError, millraceError } from "../../common/errors/index.ts";
import { type DeterministicPlatform, SimulatedDisk } from "../../common/platform/deterministic/index.ts";
import { StreamingContext } from "../../streaming/index.ts";
import { declareApplication } from "./application.ts";
import { checkOutputs } from "./check-outputs.ts";
import type { Life, Scenario } from "./draw.ts";
import { World } from "./world.ts";

const checkpointDir = "/checkpoint";
/** Virtual time between two looks at a process, in milliseconds. */
const stepMs = 100;
const startMs = 1_000_000_000_000;

/** What a simulation went through, for people. */
export interface SimulationReport {
  readonly lives: number;
  readonly crashes: number;
  readonly batches: number;
}

/**
 * Runs an application through the lives of a scenario and then undisturbed to the end of its input, and compares
 * every output with the model's.
 * @throws MR_SIMULATION when an output is not what it must be, or the application ends with an error of its own
 */
export async function simulate(scenario: Scenario): Promise<SimulationReport> {
  const disk = new SimulatedDisk(startMs);
  const world = new World(scenario.produced);
  let nowMs = startMs;
  let crashes = 0;
  for (const life of scenario.lives) {
    const platform = await world.enter(life.seed, nowMs, disk);
    disturb(platform, life);
    await live(scenario, world, platform, life);
    if (platform.isCrashed) crashes += 1;
    // Whatever it was at has come to its end with the process, a start that was not through for one.
    platform.crash("killed");
    nowMs = platform.clock.now() + life.downMs;
  }
  const platform = await world.enter(scenario.seed, nowMs, disk);
  try {
    const last = await liveToTheEnd(scenario, world, platform);
    checkOutputs(scenario, world, platform, last);
    const batches = (last.lastMs - last.zeroMs) / scenario.batchMs;
    return { lives: scenario.lives.length + 1, crashes, batches };
  } finally {
    // Nothing of it may run while others are simulated.
    platform.crash();
  }
}

/** Lets the calls of the file system fail as the life says. */
function disturb(platform: DeterministicPlatform, { ending, errors }: Life): void {
  let calls = 0;
  platform.files.onCall = () => {
    calls += 1;
    if (ending.kind === "crash" && calls === ending.call) {
      return { kind: "crash", hasTakenEffect: ending.hasTakenEffect, model: ending.model };
    }
    const errno = errors.get(calls);
    return errno === undefined ? undefined : { kind: "error", errno };
  };
}

/** A process that is disturbed: it ends by a crash, by an error it reports, or by being stopped. */
async function live(
  scenario: Scenario,
  world: World,
  platform: DeterministicPlatform,
  { ending, lastsMs }: Life,
): Promise<void> {
  let failure: { readonly error: unknown } | undefined;
  let ssc: StreamingContext | undefined;
  const fail = (error: unknown): void => {
    failure ??= { error };
  };
  const starting = start(scenario, world, platform).then(started => {
    ssc = started;
    started.awaitTermination().catch(fail);
  }, fail);
  void starting;
  const endMs = platform.clock.now() + lastsMs;
  while (!platform.isCrashed && failure === undefined && platform.clock.now() < endMs) {
    await pass(world, platform);
  }
  if (failure !== undefined) assertCoded(failure.error);
  if (platform.isCrashed) return;
  const graceful = ending.kind === "stop" && ending.graceful && failure === undefined;
  const stopping = ssc?.stop({ graceful }).catch(assertCoded);
  await platform.run(stopping ?? Promise.resolve()).catch(error => {
    if (!platform.isCrashed) throw error;
  });
}

/** The first and the last batch of the application. */
export interface RunBatches {
  readonly zeroMs: number;
  readonly lastMs: number;
}

async function liveToTheEnd(
  scenario: Scenario,
  world: World,
  platform: DeterministicPlatform,
): Promise<RunBatches> {
  const ssc = await platform.run(start(scenario, world, platform));
  let lastMs = 0;
  ssc.addStreamingListener({
    onBatchCompleted: ({ batchInfo }) => {
      lastMs = Math.max(lastMs, batchInfo.batchTime.milliseconds);
    },
  });
  let failure: unknown;
  ssc.awaitTermination().catch(error => {
    failure = error;
  });
  let endMs = Number.POSITIVE_INFINITY;
  while (platform.clock.now() < endMs && failure === undefined) {
    await pass(world, platform);
    if (world.isDone) endMs = Math.min(endMs, platform.clock.now() + 4 * scenario.batchMs);
  }
  if (failure !== undefined) throw failure;
  await platform.run(ssc.stop({ graceful: true }));
  return { zeroMs: ssc.graph.zeroMs ?? 0, lastMs };
}

async function start(
  scenario: Scenario,
  world: World,
  platform: DeterministicPlatform,
): Promise<StreamingContext> {
  const ssc = await StreamingContext.getOrCreate(checkpointDir, () =>
    declareApplication(scenario, world, platform),
  );
  await ssc.start();
  // A file stream of a new application overlooks older files: nothing is produced before there is one.
  world.open(platform.clock.now());
  return ssc;
}

async function pass(world: World, platform: DeterministicPlatform): Promise<void> {
  await platform.advance(stepMs);
  if (!platform.isCrashed) world.produce(platform);
}

/** Whatever the world does, an application says what is wrong in its own words. */
function assertCoded(error: unknown): void {
  const { code } = error as Partial<MillraceError>;
  if (code?.startsWith("MR_") && code !== "MR_INTERNAL") return;
  throw millraceError(
    "MR_SIMULATION",
    `The application ended with an error without a code: ${String(error)}`,
    {
      cause: error,
    },
  );
}
