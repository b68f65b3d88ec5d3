import { systemPlatform } from "../../common/platform/system/index.ts";
import { StreamingContext } from "../../streaming/index.ts";
import { createWorld, type TestWorld } from "../world.ts";
import { runRDDCase } from "./rdd-case.ts";
import type { ReferenceCase } from "./reference-case.ts";
import type { SkipRule } from "./skips.ts";
import { runRecoveryCase, runStreamCase, runStreamErrorCase } from "./stream-case.ts";
import type { ToldCases } from "./told-cases.ts";
import { runSequenceCase, runUnitCase } from "./unit-case.ts";
import { type CaseSettings, threw, type Verdict } from "./verdict.ts";

/** How long a case may take: one that waits for ever is a failure, not the end of the run. */
const LIMIT_SECONDS = 60;
/** The same on a cluster, where each batch takes a tenth of a second and more. */
const CLUSTER_LIMIT_SECONDS = 300;

/** What became of a case. */
export interface CaseResult {
  readonly theCase: ReferenceCase;
  /** Why it was not run. */
  readonly skipped?: SkipRule;
  /** The test files that tell it instead. */
  readonly toldBy?: readonly string[];
  /** What differed, when it was run. */
  readonly verdict: Verdict;
}

/** Runs cases, one after the other; those that a rule skips are run all the same with `runsSkipped`. */
export class CaseRunner {
  readonly #settings: CaseSettings;
  readonly #rules: readonly SkipRule[];
  readonly #told: ToldCases;
  /** One engine for all cases: threads take a while to start. */
  #world: TestWorld | undefined;

  /** `told`: the cases that tests of their own tell; those are not run when a rule skips them. */
  constructor(settings: CaseSettings, rules: readonly SkipRule[], told: ToldCases = new Map()) {
    this.#settings = settings;
    this.#rules = rules;
    this.#told = told;
  }

  async run(theCase: ReferenceCase, runsSkipped = false): Promise<CaseResult> {
    const skipped = this.#rules.find(rule => rule.matches(theCase, this.#settings));
    if (skipped !== undefined && !runsSkipped) {
      const toldBy = this.#told.get(String(theCase.id));
      return { theCase, ...(toldBy === undefined ? { skipped } : { toldBy }), verdict: undefined };
    }
    let verdict: Verdict;
    try {
      verdict = await this.#withinLimit(this.#verdictOf(theCase));
    } catch (error) {
      verdict = threw(theCase.expectedError ?? "no error", error);
    }
    return skipped === undefined ? { theCase, verdict } : { theCase, skipped, verdict };
  }

  async stop(): Promise<void> {
    await this.#world?.dispose();
  }

  async #verdictOf(theCase: ReferenceCase): Promise<Verdict> {
    const { master, partitions } = this.#settings;
    const world = () => {
      this.#world ??= createWorld({ master, conf: {}, seed: 1 });
      return this.#world;
    };
    switch (theCase.kind) {
      case "dstream":
        return runStreamCase(theCase, { sparkContext: world().sparkContext, partitions });
      case "recovery":
        return runRecoveryCase(theCase, { sparkContext: world().sparkContext, partitions });
      case "dstream-error":
        return runStreamErrorCase(theCase, { sparkContext: world().sparkContext, partitions });
      case "rdd":
        return runRDDCase(theCase, world());
      case "unit":
        return runUnitCase(theCase);
      case "sequence":
        return runSequenceCase(theCase);
      default:
        return { expected: "a kind that can be run", actual: theCase.kind };
    }
  }

  async #withinLimit(run: Promise<Verdict>): Promise<Verdict> {
    const limit = this.#settings.master.startsWith("sc://") ? CLUSTER_LIMIT_SECONDS : LIMIT_SECONDS;
    const late = Promise.withResolvers<Verdict>();
    const timer = systemPlatform.timers.schedule(limit * 1000, () => {
      late.resolve({ expected: `an end within ${limit} s`, actual: "still running" });
      // Only one may run at a time: the next case shall not fail for this one.
      void StreamingContext.getActive()?.stop({ stopSparkContext: false });
    });
    try {
      return await Promise.race([run, late.promise]);
    } finally {
      timer.cancel();
    }
  }
}
