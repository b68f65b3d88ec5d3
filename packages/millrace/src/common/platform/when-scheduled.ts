import type { Timer } from "./platform.ts";

/** A promise for what `schedule` calls back; leaves no timer and no listener behind, however it ends. */
export function whenScheduled(
  schedule: (callback: () => void) => Timer,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = (): void => {
      timer.cancel();
      reject(signal?.reason);
    };
    const timer = schedule(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    });
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
