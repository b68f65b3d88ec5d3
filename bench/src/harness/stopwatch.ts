/** Wall and CPU time since it was started; CPU time is that of every thread of this process. */
export interface Stopwatch {
  stop(): { readonly wallSeconds: number; readonly cpuSeconds: number };
}

export function startStopwatch(): Stopwatch {
  const cpu = process.cpuUsage();
  const start = performance.now();
  return {
    stop() {
      const wallSeconds = (performance.now() - start) / 1e3;
      const { user, system } = process.cpuUsage(cpu);
      return { wallSeconds, cpuSeconds: (user + system) / 1e6 };
    },
  };
}
