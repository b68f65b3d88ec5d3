import { millraceError } from "../../common/errors/index.ts";
import type { SparkContext } from "../../rdd/index.ts";
import { DStream } from "../../streaming/index.ts";
import type { Batches } from "../batches.ts";
import { TestHarness } from "../test-harness.ts";
import { isErrorNamed } from "./error-named.ts";
import { evaluate } from "./evaluate.ts";
import { inputsOf, type ReferenceCase } from "./reference-case.ts";
import { recordsMatch } from "./table-equality.ts";
import { differs, threw, type Verdict } from "./verdict.ts";

type Stream = DStream<unknown>;

/** What the cases of streams of one run share. */
export interface StreamCaseRun {
  readonly sparkContext: SparkContext;
  /** Of the inputs; default each case's own. */
  readonly partitions: number | undefined;
}

/** Runs a case of kind `dstream`, and once more with a restart from its checkpoint after every batch. */
export async function runStreamCase(theCase: ReferenceCase, run: StreamCaseRun): Promise<Verdict> {
  const verdict = await runBatches(theCase, run, () => false);
  // What is in a queue does not outlive the program.
  const isQueue = theCase.source === "queueStream" || theCase.build?.includes("queueStream") === true;
  return verdict ?? (isQueue ? undefined : runBatches(theCase, run, () => true));
}

/** Runs a case of kind `recovery`: one restart after so many batches. */
export function runRecoveryCase(theCase: ReferenceCase, run: StreamCaseRun): Promise<Verdict> {
  return runBatches(theCase, run, batch => batch === theCase.numBatchesBeforeRestart);
}

/** `restartsAfter` is asked after every batch, counted from 1. */
function runBatches(
  theCase: ReferenceCase,
  run: StreamCaseRun,
  restartsAfter: (batch: number) => boolean,
): Promise<Verdict> {
  return withHarness(theCase, run, async life => {
    const expected = (theCase.expected ?? []) as Batches<unknown>;
    const all: Observed = { outputs: [], snapshots: [] };
    const { wanted, limit } = extent(
      theCase,
      expected,
      life.harness,
      observe(theCase, run, life.harness, all),
    );
    let done = 0;
    const isFilled = (): boolean => theCase.collect === "nonEmpty" && filled(all.outputs).length >= wanted;
    while (done < limit && !isFilled()) {
      await life.harness.advanceBatch();
      done += 1;
      if (done === limit || !restartsAfter(done)) continue;
      life.harness = await life.harness.restart();
      observe(theCase, run, life.harness, all);
    }
    if (theCase.collect === "nonEmpty") {
      return compare(theCase, expected, filled(all.outputs).slice(0, wanted), theCase.ordered !== false);
    }
    const verdict = compare(theCase, expected, all.outputs, theCase.ordered !== false);
    if (verdict !== undefined || theCase.expectedSnapshots === undefined) return verdict;
    return compare(theCase, theCase.expectedSnapshots, all.snapshots, false);
  });
}

/** The records of every RDD so far, over all runs. */
interface Observed {
  readonly outputs: (readonly unknown[])[];
  readonly snapshots: (readonly unknown[])[];
}

/** Declares the streams of a case in a new run; answers with the stream under test. */
function observe(theCase: ReferenceCase, run: StreamCaseRun, harness: TestHarness, all: Observed): Stream {
  const stream = buildStream(theCase, run, harness);
  const collect = (from: Stream, to: (readonly unknown[])[]): void => {
    from.foreachRDD(async rdd => {
      to.push(await rdd.collect());
    });
  };
  collect(stream, all.outputs);
  if (theCase.expectedSnapshots !== undefined) collect(snapshotsOf(stream), all.snapshots);
  return stream;
}

/** How many outputs are wanted, and how many batches are run at most. */
function extent(
  theCase: ReferenceCase,
  expected: Batches<unknown>,
  { ssc }: TestHarness,
  { slideDuration }: Stream,
): { readonly wanted: number; readonly limit: number } {
  const stretch = slideDuration.milliseconds / ssc.graph.batchMs;
  const wanted = expected.length;
  const inputs = inputLength(theCase);
  // As the suites that keep non-empty outputs do: until there are enough, or there can be no more.
  if (theCase.collect === "nonEmpty") return { wanted, limit: (inputs + wanted + 1) * stretch };
  return { wanted, limit: theCase.numBatches ?? Math.max(inputs, wanted * stretch) };
}

/** Runs a case of kind `dstream-error`: the error must come out of `awaitTermination`. */
export async function runStreamErrorCase(theCase: ReferenceCase, run: StreamCaseRun): Promise<Verdict> {
  return withHarness(theCase, run, async ({ harness }) => {
    const expected = theCase.expectedError ?? "Throwable";
    harness.outputs(buildStream(theCase, run, harness));
    try {
      await harness.advanceBatch(theCase.numBatches ?? Math.max(1, inputLength(theCase)));
    } catch {
      // What counts is what awaitTermination says.
    }
    const { timers } = harness.platform;
    const failure = await Promise.race([
      harness.ssc.awaitTermination().then(
        () => undefined,
        (error: unknown) => ({ error }),
      ),
      timers.yieldTurn().then(() => undefined),
    ]);
    if (failure === undefined) return { expected, actual: "awaitTermination goes on waiting" };
    return isErrorNamed(failure.error, expected) ? undefined : threw(expected, failure.error);
  });
}

async function withHarness(
  { batchMs = 1000 }: ReferenceCase,
  { sparkContext }: StreamCaseRun,
  test: (life: { harness: TestHarness }) => Promise<Verdict>,
): Promise<Verdict> {
  const life = { harness: new TestHarness({ interval: batchMs, sparkContext }) };
  try {
    return await test(life);
  } finally {
    await life.harness.stop();
  }
}

function buildStream(theCase: ReferenceCase, run: StreamCaseRun, harness: TestHarness): Stream {
  const partitions = run.partitions ?? theCase.partitions ?? 2;
  const streams = inputsOf(theCase).map(batches =>
    theCase.source === "queueStream"
      ? queueOf(harness, batches, partitions)
      : harness.addInput(batches, { partitions }).stream,
  );
  const { ssc, directory } = harness;
  const build = evaluate(theCase.build ?? "undefined", { ssc, sc: ssc.sparkContext, TMP: directory });
  const built: unknown = typeof build === "function" ? build(...streams) : build;
  if (built instanceof DStream) return built;
  throw millraceError("MR_BAD_ARGUMENT", "the build makes no DStream");
}

function queueOf({ ssc }: TestHarness, batches: Batches<unknown>, partitions: number): Stream {
  return ssc.queueStream(batches.map(batch => ssc.sparkContext.parallelize(batch ?? [], partitions)));
}

function snapshotsOf(stream: Stream): Stream {
  const { stateSnapshots } = stream as Stream & { readonly stateSnapshots?: () => Stream };
  if (stateSnapshots !== undefined) return stateSnapshots.call(stream);
  throw millraceError("MR_BAD_ARGUMENT", "the build makes a DStream without stateSnapshots");
}

function inputLength(theCase: ReferenceCase): number {
  return Math.max(0, ...inputsOf(theCase).map(batches => batches.length));
}

function filled(outputs: Batches<unknown>): Batches<unknown> {
  return outputs.filter(batch => batch !== null && batch !== undefined && batch.length > 0);
}

function compare(
  { build = "" }: ReferenceCase,
  expected: Batches<unknown>,
  actual: Batches<unknown>,
  ordered: boolean,
): Verdict {
  const isAsExpected =
    actual.length === expected.length &&
    actual.every((batch, i) => recordsMatch(batch ?? [], expected[i] ?? [], { build, ordered }));
  return isAsExpected ? undefined : differs(expected, actual);
}
