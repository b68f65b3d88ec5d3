import { millraceError } from "../../common/errors/index.ts";
import type { SparkContext } from "../../rdd/index.ts";
import { DStream } from "../../streaming/index.ts";
import type { Batches } from "../batches.ts";
import type { StreamOutputs } from "../stream-outputs.ts";
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

/** Runs a case of kind `dstream`. */
export async function runStreamCase(theCase: ReferenceCase, run: StreamCaseRun): Promise<Verdict> {
  return withHarness(theCase, run, async harness => {
    const stream = buildStream(theCase, run, harness);
    const outputs = harness.outputs(stream);
    const snapshots = theCase.expectedSnapshots && harness.outputs(snapshotsOf(stream));
    const expected = (theCase.expected ?? []) as Batches<unknown>;
    const stretch = stream.slideDuration.milliseconds / harness.ssc.graph.batchMs;
    if (theCase.collect === "nonEmpty") {
      await advanceUntilFilled(harness, outputs, expected.length, inputLength(theCase), stretch);
      return compare(theCase, expected, filled(outputs).slice(0, expected.length), theCase.ordered !== false);
    }
    await harness.advanceBatch(
      theCase.numBatches ?? Math.max(inputLength(theCase), expected.length * stretch),
    );
    const verdict = compare(theCase, expected, outputs.batches, theCase.ordered !== false);
    if (verdict !== undefined || snapshots === undefined) return verdict;
    return compare(theCase, theCase.expectedSnapshots ?? [], snapshots.batches, false);
  });
}

/** Runs a case of kind `dstream-error`: the error must come out of `awaitTermination`. */
export async function runStreamErrorCase(theCase: ReferenceCase, run: StreamCaseRun): Promise<Verdict> {
  return withHarness(theCase, run, async harness => {
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
  test: (harness: TestHarness) => Promise<Verdict>,
): Promise<Verdict> {
  const harness = new TestHarness({ interval: batchMs, sparkContext });
  try {
    return await test(harness);
  } finally {
    await harness.stop();
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

/** As the suites that keep non-empty outputs do: until there are enough, or there can be no more. */
async function advanceUntilFilled(
  harness: TestHarness,
  outputs: StreamOutputs<unknown>,
  wanted: number,
  inputs: number,
  stretch: number,
): Promise<void> {
  const limit = (inputs + wanted + 1) * stretch;
  for (let i = 0; i < limit && filled(outputs).length < wanted; i++) await harness.advanceBatch();
}

function filled(outputs: StreamOutputs<unknown>): Batches<unknown> {
  return outputs.batches.filter(batch => batch.length > 0);
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
