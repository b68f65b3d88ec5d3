import { millraceError } from "../common/errors/index.ts";
import { localPath } from "../common/files/local-path.ts";
import type { FileSystem } from "../common/platform/platform.ts";
import { driverFailure } from "../engine/index.ts";
import type { Origin, PlanNode } from "../plan/index.ts";
import { type SaveArgument, type SavedPart, savePart } from "../task/builtins/index.ts";
import { checkOptions, codecOf, findFormat, type OutputFormatRef } from "../task/formats/index.ts";
import { placeOf } from "./lineage.ts";
import { onDriver } from "./run-action.ts";
import type { SparkContext } from "./spark-context.ts";

/** How an output is written. */
export interface Output {
  readonly path: string;
  readonly format: OutputFormatRef;
  readonly overwrite: boolean;
  readonly codec: string | undefined;
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * Writes the partitions beside their places, moves them there when all are whole, and then writes `_SUCCESS`.
 * After a failure nothing of this run is left.
 */
export async function saveFiles(
  context: Pick<SparkContext, "platform" | "runJob">,
  plan: PlanNode,
  { path, format, overwrite, codec, options }: Output,
  origin: Origin,
): Promise<void> {
  const { files } = context.platform;
  const directory = localPath(path);
  // Met here, not in a task.
  const found = await findFormat(format).catch(error => {
    throw driverFailure(origin, error);
  });
  onDriver(origin, () => {
    checkOptions("output format", found.options, options, ["overwrite", "codec"]);
    if (found.check !== undefined) found.check({ codec, options });
    else if (codec !== undefined) codecOf(codec);
  });
  const isThere = (await files.stat(directory)) !== undefined;
  if (isThere && !overwrite) {
    throw millraceError("MR_PATH_EXISTS", `Output directory ${directory} already exists`, placeOf(origin));
  }
  await files.mkdirs(directory);
  const partitions = Array.from({ length: plan.numPartitions }, (_, i) => i);
  let parts: SavedPart[];
  try {
    const argument: SaveArgument = { directory, format, codec, options };
    parts = (await context.runJob(
      plan,
      partitions,
      { kind: "partition", fn: savePart, argument },
      origin,
    )) as SavedPart[];
    // A batch that runs again replaces what it wrote before, and is not whole until it is done.
    if (isThere) await files.remove(`${directory}/_SUCCESS`);
    for (const { name, temporary } of parts) await files.rename(temporary, `${directory}/${name}`);
  } catch (error) {
    if (!isThere) await files.remove(directory);
    throw error;
  } finally {
    await files.remove(`${directory}/_temporary`);
  }
  if (isThere) await removeOtherParts(files, directory, new Set(parts.map(part => part.name)));
  const success = await files.create(`${directory}/_SUCCESS`);
  await success.close();
}

/** What an earlier run with more partitions or of another format left must not be read along with this one's parts. */
async function removeOtherParts(
  files: FileSystem,
  directory: string,
  written: ReadonlySet<string>,
): Promise<void> {
  for (const { path } of await files.list(directory)) {
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (/^part-\d{5,}(\.|$)/.test(name) && !written.has(name)) await files.remove(path);
  }
}
