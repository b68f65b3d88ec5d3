/** Elements sorted at a time: some milliseconds of work. */
const RUN = 1 << 14;
/** Elements merged at a time. */
const MERGE_SLICE = 1 << 16;

/** Positions sorted in runs which are merged, two at a time; stable. Yields after some milliseconds of work. */
export function* mergeSort(
  first: Uint32Array,
  compare: (a: number, b: number) => number,
): Generator<void, Uint32Array, void> {
  const count = first.length;
  let positions = new Uint32Array(count);
  for (let from = 0; from < count; from += RUN) {
    positions.set(Array.from(first.subarray(from, from + RUN)).sort(compare), from);
    yield;
  }
  if (count <= RUN) return positions;
  let merged = new Uint32Array(count);
  for (let width = RUN; width < count; width *= 2) {
    for (let from = 0; from < count; from += 2 * width) {
      const middle = Math.min(from + width, count);
      const end = Math.min(from + 2 * width, count);
      let left = from;
      let right = middle;
      for (let to = from; to < end; to++) {
        const takesLeft =
          left < middle &&
          (right >= end || compare(positions[left] as number, positions[right] as number) <= 0);
        merged[to] = positions[takesLeft ? left++ : right++] as number;
        if ((to & (MERGE_SLICE - 1)) === 0) yield;
      }
    }
    [positions, merged] = [merged, positions];
  }
  return positions;
}
