import type { ChunkSource } from "../chunk.ts";
import { type SpilledPiece, SpillFile } from "./spill-file.ts";
import { SPILL_PARTS, spillPartOf } from "./table-spill.ts";
import type { TaskMemory } from "./task-memory.ts";

/** Pairs gathered before they are written, over all parts and inputs. */
const BATCH_PAIRS = 1 << 16;

interface Side {
  keys: unknown[];
  values: unknown[];
  readonly pieces: SpilledPiece[];
}

/**
 * The pairs of inputs that are grouped together and were too many, on disk, in parts by the hash of the key: the groups
 * of a part need nothing of the other parts (grace hash join: Kitsuregawa et al., 1983).
 */
export class CogroupSpill {
  readonly #file: SpillFile;
  readonly #level: number;
  readonly #parts: readonly (readonly Side[])[];
  #gathered = 0;

  constructor(memory: TaskMemory, inputs: number, level: number) {
    this.#file = new SpillFile(memory, "cogroup");
    this.#level = level;
    const side = (): Side => ({ keys: [], values: [], pieces: [] });
    this.#parts = Array.from({ length: SPILL_PARTS }, () => Array.from({ length: inputs }, side));
  }

  add(input: number, key: unknown, value: unknown): void {
    const side = this.#parts[spillPartOf(key, this.#level)]?.[input] as Side;
    side.keys.push(key);
    side.values.push(value);
    this.#gathered += 1;
    if (this.#gathered >= BATCH_PAIRS) this.#write();
  }

  /** Nothing more comes: by part, how to open the pairs of each input. */
  finish(): (() => ChunkSource[])[] {
    this.#write();
    return this.#parts
      .filter(sides => sides.some(({ pieces }) => pieces.length > 0))
      .map(sides => () => sides.map(({ pieces }) => this.#file.read(pieces)));
  }

  remove(): void {
    this.#file.remove();
  }

  #write(): void {
    for (const side of this.#parts.flat()) {
      if (side.keys.length === 0) continue;
      side.pieces.push(...this.#file.write([side.keys, side.values]));
      side.keys = [];
      side.values = [];
    }
    this.#gathered = 0;
  }
}
