import { millraceError } from "../../common/errors/index.ts";
import type { DStreamGraph } from "../dstream/graph.ts";
import { type StateForm, undeclaredForm } from "../dstream/state-form.ts";
import type { BatchHistory } from "./batch-history.ts";
import type { SavedOperator, Snapshot } from "./snapshot.ts";

/** What a new run may do to what the one before saved, when it is told so. */
const acceptable = ["lostState", "batchInterval"] as const;

export type Acceptable = (typeof acceptable)[number];

/**
 * The differences that a text such as `lostState,batchInterval` names.
 * @throws MR_CONF_BAD_VALUE
 */
export function acceptedDifferences(text: string): ReadonlySet<Acceptable> {
  const names = text.split(",").map(name => name.trim());
  return new Set(names.filter(name => name !== "").map(known));
}

function known(name: string): Acceptable {
  const found = acceptable.find(each => each === name);
  if (found !== undefined) return found;
  throw millraceError(
    "MR_CONF_BAD_VALUE",
    `spark.streaming.recovery.accept has ${name}, and can have ${acceptable.join(", ")}`,
  );
}

/** What differs between the program and its checkpoint in a way that would change results. */
interface Difference {
  readonly what: string;
  readonly accept: Acceptable;
}

/**
 * Compares the streams of a program with those its checkpoint knows. Code may change freely between runs, as far as
 * every stream that builds on its own results finds them again.
 * @param accepted the differences that are wanted
 * @throws MR_CHECKPOINT_MISMATCH, which names all of those that are not
 */
export function compareGraph(
  { batchMs, operators }: Snapshot,
  history: BatchHistory,
  graph: DStreamGraph,
  accepted: ReadonlySet<Acceptable>,
): void {
  const differences: Difference[] = [];
  if (graph.batchMs !== batchMs) {
    differences.push({
      what: `the batch interval is ${graph.batchMs} ms, and was ${batchMs} ms`,
      accept: "batchInterval",
    });
    if (history.open.length > 0) {
      differences.push({
        what: `with another interval the batches at ${history.open.join(", ")} ms, which are not done, cannot run again`,
        accept: "lostState",
      });
    }
  }
  const streams = new Map(graph.streams.map(stream => [stream.id, stream]));
  for (const saved of operators) {
    if (!saved.isStateful) {
      if (graph.batchMs === batchMs || saved.windowMs === null) continue;
      const what = `with another interval ${saved.kind} ${saved.id} begins with an empty window`;
      differences.push({ what, accept: "lostState" });
      continue;
    }
    const what = lost(saved, streams.get(saved.id), history);
    if (what !== undefined) differences.push({ what, accept: "lostState" });
  }
  const refused = differences.filter(({ accept }) => !accepted.has(accept));
  if (refused.length === 0) return;
  const accept = [...new Set(refused.map(difference => difference.accept))].join(",");
  throw millraceError(
    "MR_CHECKPOINT_MISMATCH",
    `The program does not fit its checkpoint: ${refused.map(({ what }) => what).join("; ")}`,
    {
      hint: `Undo the change, name streams with uid() so that they are found again, or accept what is lost: spark.streaming.recovery.accept=${accept}.`,
    },
  );
}

interface ComparedStream {
  readonly slideMs: number;
  readonly operator: { readonly kind: string; readonly windowMs?: number; readonly stateForm?: StateForm };
}

/** Why the results of a stream cannot be gone on with; `undefined` when they can. */
function lost(
  saved: SavedOperator,
  stream: ComparedStream | undefined,
  { lastMs }: BatchHistory,
): string | undefined {
  if (stream === undefined) return `${saved.kind} ${saved.id} has results and is no longer there`;
  const { slideMs, operator } = stream;
  if (operator.kind !== saved.kind) return `${saved.id} is a ${operator.kind}, and was a ${saved.kind}`;
  // State by key is the same whatever the slide, but in between two batches of then there is none to make again.
  const isSavedLast = operator.windowMs === undefined && saved.records.at(-1)?.timeMs === lastMs;
  if (slideMs !== saved.slideMs && !isSavedLast)
    return `the slide of ${saved.id} is ${slideMs} ms, and was ${saved.slideMs} ms`;
  const windowMs = operator.windowMs ?? null;
  if (windowMs !== saved.windowMs)
    return `the window of ${saved.id} is ${windowMs} ms, and was ${saved.windowMs} ms`;
  const { version, migrate } = operator.stateForm ?? undeclaredForm;
  const savedVersion = saved.records.at(-1)?.stateVersion ?? 0;
  return saved.records.length === 0 || version === savedVersion || migrate !== undefined
    ? undefined
    : `the state of ${saved.id} has version ${version}, and had ${savedVersion}: a migration function is missing`;
}

/** Whether what was saved of a stream still means the same. */
export function stillFits(
  saved: SavedOperator,
  stream: ComparedStream | undefined,
  history: BatchHistory,
): boolean {
  return lost(saved, stream, history) === undefined;
}
