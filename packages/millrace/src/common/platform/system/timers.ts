import type { Timer, Timers } from "../platform.ts";
import { whenScheduled } from "../when-scheduled.ts";

/** `setTimeout` runs longer delays at once, so they are waited for in parts. */
const longestDelayMs = 0x7fff_ffff;

function schedule(delayMs: number, callback: () => void, options?: { readonly unref?: boolean }): Timer {
  const unref = options?.unref === true;
  if (delayMs <= 0) {
    // An immediate comes after one poll for I/O; setTimeout(0) would wait a millisecond.
    const immediate = setImmediate(callback);
    if (unref) immediate.unref();
    return { cancel: () => clearImmediate(immediate) };
  }
  if (delayMs <= longestDelayMs) {
    const timeout = setTimeout(callback, delayMs);
    if (unref) timeout.unref();
    return { cancel: () => clearTimeout(timeout) };
  }
  const wait = (): void => {
    part = schedule(delayMs - longestDelayMs, callback, options);
  };
  let part = schedule(longestDelayMs, wait, options);
  return { cancel: () => part.cancel() };
}

/** The event loop's timers. */
export const systemTimers: Timers = {
  schedule,
  sleep: (delayMs, signal) => whenScheduled(callback => schedule(delayMs, callback), signal),
  yieldTurn: () => new Promise(resolve => setImmediate(resolve)),
};
