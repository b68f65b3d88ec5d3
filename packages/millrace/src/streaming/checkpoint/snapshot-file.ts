import { readFile } from "../../common/files/read-file.ts";
import { writeFileAtomically } from "../../common/files/write-file.ts";
import type { FileSystem } from "../../common/platform/platform.ts";
import { decodeJson, encodeJson } from "./batch-event.ts";
import { damaged } from "./damaged.ts";
import { snapshotName } from "./file-names.ts";
import { encodeFrame, scanFrames } from "./frames.ts";
import { checkpointFormat, type Snapshot } from "./snapshot.ts";

/** Writes a checkpoint file; answers its name. A crash leaves it whole or not there. */
export async function writeSnapshot(
  files: FileSystem,
  directory: string,
  snapshot: Snapshot,
): Promise<string> {
  const timeMs = snapshot.history.lastMs ?? snapshot.zeroMs;
  const name = snapshotName(timeMs, snapshot.run, snapshot.segment);
  await writeFileAtomically(files, directory, name, encodeFrame(encodeJson(snapshot)));
  return name;
}

/** @throws MR_CHECKPOINT_DAMAGED, MR_CHECKPOINT_FORMAT, MR_PATH_NOT_FOUND, MR_IO */
export async function readSnapshot(files: FileSystem, path: string): Promise<Snapshot> {
  const { payloads, tail } = scanFrames(await readFile(files, path));
  const [payload] = payloads;
  if (payload === undefined || payloads.length > 1 || tail !== "clean") {
    throw damaged(path, "its bytes do not match their checksum");
  }
  const snapshot = decodeJson(payload) as Snapshot;
  if (snapshot.format !== checkpointFormat) {
    throw damaged(path, `its format is ${snapshot.format}, not ${checkpointFormat}`);
  }
  return snapshot;
}
