/**
 * Runs simulations: `npm run simulate -- --seeds 500 [--from 1]`, or one of them: `--seed 42`, or a crash in every
 * call that a small application makes: `--every-call`. What fails prints the line that runs it again.
 */
import { parseArgs } from "node:util";
import { systemPlatform } from "../../common/platform/system/index.ts";
import { drawScenario } from "./draw.ts";
import { crashInCall } from "./every-call.ts";
import { simulate } from "./simulate.ts";

const { host, timers } = systemPlatform;
const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "500" },
    from: { type: "string", default: "1" },
    seed: { type: "string" },
    "every-call": { type: "boolean", default: false },
    call: { type: "string" },
    show: { type: "boolean", default: false },
  },
});

let passed = 0;
let failed = 0;
let processes = 0;
let crashes = 0;

if (values["every-call"]) await runEveryCall();
else await runSeeds();
host.stdout(`${processes} processes, ${crashes} crashes\n`);
host.stdout(`${passed} passed, ${failed} failed, 0 skipped\n`);
host.exit(failed === 0 ? 0 : 1);

async function runSeeds(): Promise<void> {
  const from = Number(values.seed ?? values.from);
  const count = values.seed === undefined ? Number(values.seeds) : 1;
  for (let seed = from; seed < from + count; seed++) {
    const scenario = drawScenario(seed);
    if (values.show) host.stdout(`${JSON.stringify(scenario, undefined, 1)}\n`);
    await attempt(`--seed ${seed}`, async () => {
      const report = await simulate(scenario);
      processes += report.lives;
      crashes += report.crashes;
    });
  }
}

/** Goes on as long as the application makes so many calls. */
async function runEveryCall(): Promise<void> {
  for (const model of ["allSynced", "unsyncedLost", "lastWriteTorn", "killed"] as const) {
    let hasCrashed = true;
    const first = Number(values.call ?? 1);
    for (let call = first; hasCrashed && (values.call === undefined || call === first); call++) {
      await attempt(`--every-call --call ${call}`, async () => {
        hasCrashed = await crashInCall(call, model);
        processes += hasCrashed ? 2 : 1;
        crashes += hasCrashed ? 1 : 0;
      });
    }
  }
}

async function attempt(again: string, run: () => Promise<void>): Promise<void> {
  try {
    await run();
    passed += 1;
  } catch (error) {
    failed += 1;
    host.stdout(`${error instanceof Error ? error.stack : String(error)}\n`);
    host.stdout(`run it again with: npm run simulate -- ${again}\n`);
  }
  await timers.yieldTurn();
}
