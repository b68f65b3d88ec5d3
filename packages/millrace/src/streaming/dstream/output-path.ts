/** Where a batch's output goes: `prefix-TIME[.suffix]`, or `TIME[.suffix]` without a prefix. */
export function outputPath(prefix: string, suffix: string, timeMs: number): string {
  const stem = prefix === "" ? String(timeMs) : `${prefix}-${timeMs}`;
  return suffix === "" ? stem : `${stem}.${suffix}`;
}
