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
  let handle: NodeJS.Timeout;
  const wait = (remainingMs: number): void => {
    const part = Math.min(remainingMs, longestDelayMs);
    handle = setTimeout(() => (remainingMs > part ? wait(remainingMs - part) : callback()), part);
    if (unref) handle.unref();
  };
  wait(delayMs);
  return { cancel: () => clearTimeout(handle) };
}

/** The event loop's timers. */
export const systemTimers: Timers = {
  schedule,
  sleep: (delayMs, signal) => whenScheduled(callback => schedule(delayMs, callback), signal),
  yieldTurn: () => new Promise(resolve => setImmediate(resolve)),
};
