import { millraceError } from "../common/errors/index.ts";
import type { FileSystem } from "../common/platform/platform.ts";
import type { Origin, PlanNode } from "../plan/index.ts";
import { type SavedPart, saveTextPartition } from "../task/builtins/index.ts";
import { placeOf } from "./lineage.ts";
import type { SparkContext } from "./spark-context.ts";

/**
 * Writes the partitions beside their places, moves them there when all are whole, and then writes `_SUCCESS`.
 * After a failure nothing of this run is left.
 */
export async function saveAsTextFile(
  context: SparkContext,
  plan: PlanNode,
  path: string,
  overwrite: boolean,
  origin: Origin,
): Promise<void> {
  const { files } = context.platform;
  const directory = path.replace(/^file:(\/\/)?/, "");
  const isThere = (await files.stat(directory)) !== undefined;
  if (isThere && !overwrite) {
    throw millraceError("MR_PATH_EXISTS", `Output directory ${directory} already exists`, placeOf(origin));
  }
  await files.mkdirs(directory);
  const partitions = Array.from({ length: plan.numPartitions }, (_, i) => i);
  try {
    const sink = { kind: "partition", fn: saveTextPartition, argument: { directory } } as const;
    const parts = (await context.runJob(plan, partitions, sink, origin)) as SavedPart[];
    // A batch that runs again replaces what it wrote before, and is not whole until it is done.
    if (isThere) await files.remove(`${directory}/_SUCCESS`);
    for (const { name, temporary } of parts) await files.rename(temporary, `${directory}/${name}`);
  } catch (error) {
    if (!isThere) await files.remove(directory);
    throw error;
  } finally {
    await files.remove(`${directory}/_temporary`);
  }
  if (overwrite) await removeOtherParts(files, directory, plan.numPartitions);
  const success = await files.create(`${directory}/_SUCCESS`);
  await success.close();
}

/** What an earlier run with more partitions left must not be read along with this one's parts. */
async function removeOtherParts(files: FileSystem, directory: string, numPartitions: number): Promise<void> {
  for (const { path } of await files.list(directory)) {
    const part = /\/part-(\d{5,})$/.exec(path)?.[1];
    if (part !== undefined && Number(part) >= numPartitions) await files.remove(path);
  }
}
