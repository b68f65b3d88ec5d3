import { readFile } from "../../common/files/read-file.ts";
import { writeDurably } from "../../common/files/write-file.ts";
import type { FileSystem } from "../../common/platform/platform.ts";
import type { JobSink } from "../../engine/index.ts";
import {
  HashPartitioner,
  type Origin,
  type Partitioner,
  type PlanNode,
  type SnapshotPart,
  type StateNode,
  source,
  stateView,
} from "../../plan/index.ts";
import { RDD, type SparkContext } from "../../rdd/index.ts";
import { encodePartition } from "../../task/builtins/index.ts";
import type { StateSnapshot } from "../../task/state/state-snapshot.ts";
import { damaged } from "./damaged.ts";
import { encodeFrame, PiecedFrame, scanFrames } from "./frames.ts";
import type { SavedPartitioner, SavedRecords } from "./snapshot.ts";
import { extendChain, snapshotsOfAllEntries } from "./state-chain.ts";

const saving: Origin = { operator: "checkpoint", site: undefined };
/** Entries of a partition written by one task: a few milliseconds. */
const sliceEntries = 8192;
const restoring: Origin = { operator: "restored checkpoint", site: undefined };

/** Where records are saved to. */
export interface SavingTo {
  readonly context: SparkContext;
  readonly files: FileSystem;
  readonly directory: string;
  /** Name of the file. */
  readonly file: string;
}

/** Writes the records of an RDD into a file of their own, partition by partition. */
export async function saveRecords(
  to: SavingTo,
  timeMs: number,
  { plan }: RDD<unknown>,
): Promise<SavedRecords> {
  const partitions = await runOnAll(to.context, plan, { kind: "partition", fn: encodePartition });
  await writeParts(to, (partitions as Uint8Array[]).map(encodeFrame));
  const { numPartitions, partitioner } = plan;
  return { timeMs, file: to.file, numPartitions, partitioner: savedPartitioner(partitioner) };
}

/** What an earlier checkpoint has of a state. */
export interface SavedBefore {
  readonly records: SavedRecords | undefined;
  /** That version, if it is still known. */
  readonly version: StateNode | undefined;
}

/** Who saves a state, and in which form. */
export interface StateSaver {
  readonly run: number;
  readonly stateVersion: number;
  /** Told of a class that states are instances of: they will come back as plain objects. */
  onInstances(className: string): void;
}

/** Writes what changed in a version of a state since it was saved last. */
export async function saveState(
  to: SavingTo,
  timeMs: number,
  state: StateNode,
  { records, version }: SavedBefore,
  { run, stateVersion, onInstances }: StateSaver,
): Promise<SavedRecords> {
  // What is on top of snapshots in other partitions, or of another form, must stand on its own.
  const isAsBefore =
    restoredPartitioner(records?.partitioner ?? null)?.equals(state.partitioner) === true &&
    (records?.stateVersion ?? 0) === stateVersion;
  const newest = records?.chains?.[0]?.at(-1);
  const number = newest?.run === run ? newest.number + 1 : 0;
  const part = { index: number % snapshotsOfAllEntries, of: snapshotsOfAllEntries };
  const snapshots = await snapshotsOf(to.context, state, isAsBefore ? version : undefined, part);
  const { className } = snapshots.find(snapshot => snapshot.className !== undefined) ?? {};
  if (className !== undefined) onInstances(className);
  await writeParts(
    to,
    snapshots.flatMap(({ frame }) => frame.parts),
  );
  return {
    timeMs,
    file: to.file,
    numPartitions: state.numPartitions,
    partitioner: savedPartitioner(state.partitioner),
    ...(stateVersion === 0 ? {} : { stateVersion }),
    chains: snapshots.map((snapshot, i) =>
      extendChain(records?.chains?.[i] ?? [], snapshot, to.file, run, number),
    ),
  };
}

/** The snapshot of a partition, in slices. */
class SlicedSnapshot implements Pick<StateSnapshot, "kind" | "numKeys"> {
  readonly frame = new PiecedFrame();
  kind: StateSnapshot["kind"] = "base";
  numKeys = 0;
  isComplete = false;
  /** Whether slices of a base and of a delta met: none of them is of use. */
  isMixed = false;
  className: string | undefined;
  #count = 0;

  add({ kind, numKeys, bytes, isLast, className }: StateSnapshot): void {
    this.isMixed ||= this.#count > 0 && kind !== this.kind;
    this.kind = kind;
    this.numKeys = numKeys;
    this.isComplete = isLast;
    this.className ??= className;
    this.#count += 1;
    this.frame.add(bytes);
  }
}

/**
 * What changed in every partition of a state since an earlier version, in a job for each slice: the batches that run
 * meanwhile go in between, and wait for a slice at most.
 */
async function snapshotsOf(
  context: SparkContext,
  state: StateNode,
  since: StateNode | undefined,
  part: SnapshotPart,
): Promise<SlicedSnapshot[]> {
  const snapshots = Array.from({ length: state.numPartitions }, () => new SlicedSnapshot());
  let open = [...snapshots.keys()];
  for (let from = 0; open.length > 0; from += sliceEntries) {
    const slice = { from, length: sliceEntries };
    const view = stateView(saving, state, { kind: "snapshot", since, part, slice });
    const results = (await context.runJob(view, open, { kind: "collect" }, saving)) as [StateSnapshot][];
    for (const [i, partition] of open.entries()) {
      for (const piece of results[i] ?? []) snapshots[partition]?.add(piece);
    }
    // What changed is not known any more where a lost worker's partition was made again meanwhile.
    if (snapshots.some(({ isMixed }) => isMixed)) return snapshotsOf(context, state, undefined, part);
    open = open.filter(partition => snapshots[partition]?.isComplete === false);
  }
  return snapshots;
}

/** The files that saved records need. */
export function filesOf({ file, chains = [] }: SavedRecords): ReadonlySet<string> {
  const files = new Set<string>();
  if (file !== null) files.add(file);
  for (const chain of chains) for (const piece of chain) files.add(piece.file);
  return files;
}

/**
 * Reads a file of saved records: the bytes of each partition.
 * @throws MR_CHECKPOINT_DAMAGED, MR_PATH_NOT_FOUND, MR_IO
 */
export async function readPartitions(
  files: FileSystem,
  path: string,
  numPartitions: number,
): Promise<readonly Uint8Array[]> {
  const { payloads, tail } = scanFrames(await readFile(files, path));
  if (tail !== "clean" || payloads.length !== numPartitions) {
    throw damaged(path, "its bytes do not match their checksums");
  }
  return payloads.map(shared);
}

/** An RDD of records that were read again, with the partitioning they had. */
export function restoredRDD(
  context: SparkContext,
  { partitioner }: SavedRecords,
  partitions: readonly Uint8Array[],
): RDD<unknown> {
  const splits = partitions.map(bytes => ({ encoded: { kind: "encoded", bytes } }));
  const node = source(restoring, { name: "values" }, splits);
  return new RDD(context, { ...node, partitioner: restoredPartitioner(partitioner) });
}

async function runOnAll(context: SparkContext, plan: PlanNode, sink: JobSink): Promise<unknown[]> {
  const all = Array.from({ length: plan.numPartitions }, (_, i) => i);
  return context.runJob(plan, all, sink, saving);
}

async function writeParts({ files, directory, file }: SavingTo, parts: readonly Uint8Array[]): Promise<void> {
  await writeDurably(files, `${directory}/${file}`, parts);
}

/** In memory of its own, where every column is aligned and that threads share. */
function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}

function savedPartitioner(partitioner: Partitioner | undefined): SavedPartitioner {
  const isHash = partitioner instanceof HashPartitioner && partitioner.constructor === HashPartitioner;
  return isHash ? { kind: "hash", numPartitions: partitioner.numPartitions } : null;
}

function restoredPartitioner(saved: SavedPartitioner): Partitioner | undefined {
  return saved === null ? undefined : new HashPartitioner(saved.numPartitions);
}
