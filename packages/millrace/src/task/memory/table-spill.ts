import { hashKey } from "../../common/keys/index.ts";
import type { AggregationTable } from "../aggregation-table.ts";
import type { ChunkSource } from "../chunk.ts";
import { type SpilledPiece, SpillFile } from "./spill-file.ts";
import type { TaskMemory } from "./task-memory.ts";

/** Parts a table is split into when it is spilled; each is merged by itself afterwards. */
const FAN_OUT_BITS = 4;
export const SPILL_PARTS = 1 << FAN_OUT_BITS;
/** Parts of parts of parts … as long as the hash has bits left. */
export const MAX_SPILL_LEVEL = 6;

/**
 * The tables of an aggregation that were too large, on disk, in parts by the hash of the key: all entries of one key
 * are in one part, so that parts can be merged one after the other (hybrid hashing: DeWitt et al., SIGMOD 1984).
 */
export class TableSpill {
  readonly #file: SpillFile;
  readonly #level: number;
  readonly #parts: SpilledPiece[][] = Array.from({ length: SPILL_PARTS }, () => []);

  constructor(memory: TaskMemory, level: number) {
    this.#file = new SpillFile(memory, "aggregation");
    this.#level = level;
  }

  write({ keys, values }: AggregationTable): void {
    const columns = this.#parts.map(() => ({ keys: [] as unknown[], values: [] as unknown[] }));
    for (let i = 0; i < keys.length; i++) {
      const part = columns[spillPartOf(keys[i], this.#level)];
      part?.keys.push(keys[i]);
      part?.values.push(values[i]);
    }
    for (const [i, part] of columns.entries()) {
      this.#parts[i]?.push(...this.#file.write([part.keys, part.values]));
    }
  }

  /** One source of pairs per part, with what was written of it. */
  sources(): (() => ChunkSource)[] {
    return this.#parts.filter(pieces => pieces.length > 0).map(pieces => () => this.#file.read(pieces));
  }

  remove(): void {
    this.#file.remove();
  }
}

/** The part of a key at a level: other bits than the partitioner's remainder and the levels above have used. */
export function spillPartOf(key: unknown, level: number): number {
  const hash = key === null || key === undefined ? 0 : Math.imul(hashKey(key), 0x9e3779b1);
  return (hash >>> (32 - FAN_OUT_BITS * (level + 1))) & (SPILL_PARTS - 1);
}
