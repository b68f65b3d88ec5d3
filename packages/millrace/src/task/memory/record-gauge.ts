import { surviveAsBytes } from "../codec/instances.ts";
import { sizeEstimate } from "./size-estimate.ts";

/** Two slots in columns, which grow by half at a time. */
const SLOTS_BYTES = 24;

/** Knows about how many bytes gathered pairs take, from some of them. */
export class RecordGauge {
  /** Whether those seen survive as bytes. */
  survives = true;
  #records = 0;
  #sampledBytes = 0;
  #samples = 0;

  get records(): number {
    return this.#records;
  }

  /** How many pairs there are now. */
  note(records: number): void {
    this.#records = records;
  }

  /** One of the newest pairs. */
  sample(key: unknown, value: unknown): void {
    this.#sampledBytes += sizeEstimate(key) + sizeEstimate(value) + SLOTS_BYTES;
    this.#samples += 1;
    this.survives &&= surviveAsBytes([key, value]);
  }

  get bytes(): number {
    return this.#records * (this.#sampledBytes / Math.max(1, this.#samples));
  }
}
