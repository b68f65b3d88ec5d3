import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Less is never worth a collection. */
const leastBytes = 64 * 2 ** 20;
/** A collection looks at the whole heap: it is worth it for as many bytes, and more. */
const heapFactor = 2;

let pendingBytes = 0;
let collect: (() => void) | undefined;

/** Counts memory that threads shared and this one does not use any more; see `Host.releasedShared`. */
export function releasedShared(bytes: number): void {
  pendingBytes += bytes;
  if (pendingBytes < leastBytes || pendingBytes < heapFactor * process.memoryUsage().heapUsed) return;
  pendingBytes = 0;
  collect ??= garbageCollection();
  collect();
}

/** Node has this function only when it is started with a flag, or so. */
function garbageCollection(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}
