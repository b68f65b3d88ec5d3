import type { Platform } from "../../common/platform/platform.ts";
import { systemPlatform } from "../../common/platform/system/index.ts";
import { checkpointFiles } from "./describe-checkpoint.ts";

/**
 * Removes the files of a checkpoint, damaged ones too: the next run in this directory begins anew. What sinks keep
 * about batches they have written stays. No program may be running there.
 *
 * ```ts
 * import { describeCheckpoint, removeCheckpoint } from "millrace";
 * import assert from "node:assert";
 * import { mkdtempSync, rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * const directory = mkdtempSync(`${tmpdir()}/removed-`);
 * assert.deepEqual(await removeCheckpoint(directory), []);
 * assert.deepEqual((await describeCheckpoint(directory)).files, []);
 * rmSync(directory, { recursive: true });
 * ```
 *
 * @param platform where its files are; default the machine's
 * @returns the names of the files that are gone
 * @throws MR_IO
 */
export async function removeCheckpoint(
  directory: string,
  platform: Platform = systemPlatform,
): Promise<readonly string[]> {
  const names = (await checkpointFiles(directory, platform)).map(({ name }) => name);
  for (const name of names) await platform.files.remove(`${directory}/${name}`);
  return names;
}
