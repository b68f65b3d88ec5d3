import { readFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";

/** Kernel ticks a second in /proc/stat: fixed at 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** What else the machine did while a sample was taken. */
export interface OtherLoad {
  /** Share of all cores' time used by processes other than the measured one, 0 to 1; absent without /proc. */
  readonly otherShare?: number;
  /** Share of all cores' time the hypervisor gave to other machines. */
  readonly stealShare?: number;
  /** Load average of the last minute when the sample began: other work that was under way. */
  readonly loadBefore: number;
}

interface CpuTimes {
  readonly busySeconds: number;
  readonly stealSeconds: number;
}

export interface LoadObserver {
  /** `ownSeconds`: CPU time of the measured process and its children over its whole life. */
  stop(ownSeconds: number): OtherLoad;
}

export function observeLoad(): LoadObserver {
  const before = cpuTimes();
  const start = performance.now();
  const loadBefore = loadavg()[0] ?? 0;
  return {
    stop(ownSeconds) {
      const after = cpuTimes();
      if (!before || !after) return { loadBefore };
      const available = (availableParallelism() * (performance.now() - start)) / 1e3;
      const busy = after.busySeconds - before.busySeconds;
      return {
        otherShare: Math.max(0, busy - ownSeconds) / available,
        stealShare: (after.stealSeconds - before.stealSeconds) / available,
        loadBefore,
      };
    },
  };
}

function cpuTimes(): CpuTimes | undefined {
  let text: string;
  try {
    text = readFileSync("/proc/stat", "utf8");
  } catch {
    return undefined;
  }
  const ticks = (text.slice(0, text.indexOf("\n")).match(/\d+/g) ?? []).map(Number);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = ticks;
  return {
    busySeconds: (user + nice + system + irq + softirq) / TICKS_PER_SECOND,
    stealSeconds: steal / TICKS_PER_SECOND,
  };
}
