import { readFile } from "../../common/files/read-file.ts";
import { writeDurably } from "../../common/files/write-file.ts";
import type { FileSystem } from "../../common/platform/platform.ts";
import { HashPartitioner, type Origin, type Partitioner, source } from "../../plan/index.ts";
import { RDD, type SparkContext } from "../../rdd/index.ts";
import { encodePartition } from "../../task/builtins/index.ts";
import { damaged } from "./damaged.ts";
import { encodeFrame, scanFrames } from "./frames.ts";
import type { SavedPartitioner, SavedRecords } from "./snapshot.ts";

const saving: Origin = { operator: "checkpoint", site: undefined };
const restoring: Origin = { operator: "restored checkpoint", site: undefined };

/** Writes the records of an RDD into a file of their own, partition by partition. */
export async function saveRecords(
  context: SparkContext,
  files: FileSystem,
  directory: string,
  file: string,
  timeMs: number,
  { plan }: RDD<unknown>,
): Promise<SavedRecords> {
  const { numPartitions } = plan;
  const all = Array.from({ length: numPartitions }, (_, i) => i);
  const partitions = (await context.runJob(
    plan,
    all,
    { kind: "partition", fn: encodePartition },
    saving,
  )) as Uint8Array[];
  await writeDurably(files, `${directory}/${file}`, partitions.map(encodeFrame));
  return { timeMs, file, numPartitions, partitioner: savedPartitioner(plan.partitioner) };
}

/**
 * Reads saved records again: the bytes of each partition.
 * @throws MR_CHECKPOINT_DAMAGED, MR_PATH_NOT_FOUND, MR_IO
 */
export async function readRecords(
  files: FileSystem,
  directory: string,
  { file, numPartitions }: SavedRecords,
): Promise<readonly Uint8Array[]> {
  if (file === null) return [];
  const path = `${directory}/${file}`;
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
