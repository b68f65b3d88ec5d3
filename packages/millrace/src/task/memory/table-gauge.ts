import type { AggregationTable } from "../aggregation-table.ts";
import type { Chunk } from "../chunk.ts";
import { surviveAsBytes } from "../codec/instances.ts";
import { sizeEstimate } from "./size-estimate.ts";
import type { TaskMemory } from "./task-memory.ts";

/** Index slots and array cells of an entry. */
const ENTRY_BYTES = 64;
/** Records become larger in memory than they were as bytes of text. */
const TEXT_GROWTH = 3;
/** Between two measurements at least this share of the limit must have arrived. */
const MEASURE_SHARE = 1 / 16;

/**
 * Knows when an aggregation table takes too much memory. The table is measured only when enough may have been added
 * since the last time: what one group holds is not known otherwise, and looking at all of them is not free.
 */
export class TableGauge {
  readonly #memory: TaskMemory;
  #arrivedBytes = 0;
  #entries = 0;
  #measureAt: number;

  constructor(memory: TaskMemory) {
    this.#memory = memory;
    this.#measureAt = memory.settings.limitBytes * MEASURE_SHARE;
  }

  /** To be told of every chunk the table took in: whether the table should be spilled now. */
  isTooMuch(table: AggregationTable, chunk: Chunk): boolean {
    if (this.#memory.settings.directory === undefined) return false;
    const grown = (table.size - this.#entries) * ENTRY_BYTES;
    this.#entries = table.size;
    this.#arrivedBytes += Math.max(chunkBytes(chunk), grown);
    if (this.#arrivedBytes < this.#measureAt) return false;
    const { bytes, survives } = measured(table);
    const { limitBytes } = this.#memory.settings;
    this.#arrivedBytes = 0;
    this.#measureAt = Math.max(limitBytes * MEASURE_SHARE, (limitBytes - bytes) / 2);
    return survives && this.#memory.isTooMuch(bytes);
  }

  /** The table was emptied. */
  reset(): void {
    this.#arrivedBytes = 0;
    this.#entries = 0;
    this.#measureAt = this.#memory.settings.limitBytes * MEASURE_SHARE;
  }
}

function measured({ keys, values }: AggregationTable): {
  readonly bytes: number;
  readonly survives: boolean;
} {
  let bytes = keys.length * ENTRY_BYTES;
  for (let i = 0; i < keys.length; i++) bytes += sizeEstimate(keys[i]) + sizeEstimate(values[i]);
  const survives = [0, keys.length >> 1, keys.length - 1].every(
    i => surviveAsBytes([keys[i]]) && endsSurvive(values[i]),
  );
  return { bytes, survives };
}

/** Of a large list only its ends are looked at. */
function endsSurvive(value: unknown): boolean {
  if (!Array.isArray(value) || value.length < 64) return surviveAsBytes([value]);
  return surviveAsBytes([value[0], value.at(-1)]);
}

/** About what the records of a chunk take in memory. */
export function chunkBytes(chunk: Chunk): number {
  const count = chunk.to - chunk.from;
  if (chunk.kind === "lines") return count * TEXT_GROWTH;
  if (count === 0) return 0;
  if (chunk.kind === "range") return count * sizeEstimate(chunk.start);
  const middle = chunk.from + (count >> 1);
  if (chunk.kind === "texts") return count * sizeEstimate("x".repeat(chunk.lengths[middle] as number));
  const record = sizeEstimate(chunk.values[middle]);
  return count * (chunk.kind === "pairs" ? record + sizeEstimate(chunk.keys[middle]) : record);
}
