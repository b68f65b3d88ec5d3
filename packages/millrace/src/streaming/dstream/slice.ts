import type { StreamNode } from "./stream-node.ts";

/**
 * The batch times of a stream between two times, both included; the ends are moved down to a whole number
 * of slides after the zero time, and nothing before it counts.
 */
export function sliceTimes(stream: StreamNode<unknown>, fromMs: number, toMs: number): number[] {
  const { zeroMs, slideMs } = stream;
  const aligned = (timeMs: number): number => zeroMs + Math.floor((timeMs - zeroMs) / slideMs) * slideMs;
  const times: number[] = [];
  for (let atMs = Math.max(aligned(fromMs), zeroMs); atMs <= aligned(toMs); atMs += slideMs) times.push(atMs);
  return times;
}
