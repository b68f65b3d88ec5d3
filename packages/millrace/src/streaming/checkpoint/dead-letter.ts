import { writeFileAtomically } from "../../common/files/write-file.ts";
import type { Platform } from "../../common/platform/platform.ts";
import type { JobSet } from "../scheduler/job-set.ts";

/** Describes a batch that is given up in `dead-letters/<batch time, ms>.json` of the checkpoint directory. */
export async function writeDeadLetter(
  { files }: Platform,
  checkpointDir: string,
  jobSet: JobSet,
): Promise<void> {
  const { outputOperationInfos, streamIdToInputInfo } = jobSet.batchInfo();
  const letter = {
    batchTime: jobSet.timeMs,
    outputs: Array.from(outputOperationInfos.values(), ({ id, description, failureReason }) => ({
      id,
      description,
      failureReason: failureReason ?? null,
    })),
    inputs: Array.from(streamIdToInputInfo.values(), ({ inputStreamId, numRecords, metadata }) => ({
      inputStreamId,
      numRecords,
      metadata,
    })),
  };
  const directory = `${checkpointDir}/dead-letters`;
  await files.mkdirs(directory);
  const text = `${JSON.stringify(letter, null, 2)}\n`;
  await writeFileAtomically(files, directory, `${jobSet.timeMs}.json`, new TextEncoder().encode(text));
}
