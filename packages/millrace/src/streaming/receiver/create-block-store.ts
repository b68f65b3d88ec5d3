import type { StreamClock } from "../../common/clock/index.ts";
import { millraceError } from "../../common/errors/index.ts";
import type { Platform } from "../../common/platform/platform.ts";
import { parseMaster } from "../../engine/index.ts";
import type { BlockStoreSettings } from "../settings.ts";
import { FileWriteAheadLog } from "../wal/file-write-ahead-log.ts";
import { LoggedBlockStore } from "../wal/logged-block-store.ts";
import { BlockMemory } from "./block-memory.ts";
import { LocalBlockStore } from "./local-block-store.ts";
import type { ReceivedBlockStore } from "./received-block-store.ts";

/** What decides about a store. */
export interface BlockStoreOptions {
  readonly platform: Platform;
  readonly clock: StreamClock;
  readonly settings: BlockStoreSettings;
  readonly master: string;
  readonly checkpointDir: string | undefined;
}

/**
 * The store a context's settings ask for.
 * @throws MR_STREAMING_CHECKPOINT when blocks are to be logged and there is no checkpoint directory
 */
export function createBlockStore(options: BlockStoreOptions): ReceivedBlockStore {
  const { platform, clock, settings, master, checkpointDir } = options;
  const { host, random, files } = platform;
  const place = parseMaster(master, host.processors);
  const crossesThreads = place.kind === "local" && place.threads > 1;
  const memory = new BlockMemory(settings.maxMemoryBytes, crossesThreads, bytes =>
    host.releasedShared(bytes),
  );
  const { log, timeoutMs } = settings;
  if (log !== undefined) {
    if (checkpointDir === undefined) throw noDirectory();
    const openLog = (streamId: number) =>
      FileWriteAheadLog.open(files, `${checkpointDir}/receivedData/${streamId}`, log);
    return new LoggedBlockStore({ openLog, memory, clock, timeoutMs });
  }
  const parent = settings.localDir ?? host.environment("TMPDIR") ?? "/tmp";
  const directory = `${parent}/millrace-blocks-${random.nextUint32().toString(16).padStart(8, "0")}`;
  return new LocalBlockStore({ files, directory, memory });
}

function noDirectory() {
  return millraceError(
    "MR_STREAMING_CHECKPOINT",
    "Cannot enable receiver write-ahead log without checkpoint directory set",
    {
      hint: "Call checkpoint(directory) before start(), or unset spark.streaming.receiver.writeAheadLog.enable.",
    },
  );
}
