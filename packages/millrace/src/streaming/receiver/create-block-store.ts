import type { Platform } from "../../common/platform/platform.ts";
import { parseMaster } from "../../engine/index.ts";
import type { StreamingSettings } from "../settings.ts";
import { LocalBlockStore } from "./local-block-store.ts";
import type { ReceivedBlockStore } from "./received-block-store.ts";

/** The store a context's settings ask for. */
export function createBlockStore(
  platform: Platform,
  { blockStore }: StreamingSettings,
  master: string,
): ReceivedBlockStore {
  const { host, random, files } = platform;
  const parent = blockStore.localDir ?? host.environment("TMPDIR") ?? "/tmp";
  const place = parseMaster(master, host.processors);
  return new LocalBlockStore({
    files,
    directory: `${parent}/millrace-blocks-${random.nextUint32().toString(16).padStart(8, "0")}`,
    maxMemoryBytes: blockStore.maxMemoryBytes,
    encodesRecords: place.kind === "local" && place.threads > 1,
  });
}
