/** Rows at first. */
const INITIAL = 1 << 8;
const NONE = 0;

/**
 * Values by the number of their group, in the order they came. Chains of row numbers instead of an array for each
 * group: most groups of a join are of one value, and a million arrays that stay are what a garbage collector fears.
 */
export class GroupedRows {
  readonly #rows: unknown[] = [];
  /** By row: the next row of its group; by group: its first and its last row. All + 1. */
  #next = new Int32Array(INITIAL);
  #first = new Int32Array(INITIAL);
  #last = new Int32Array(INITIAL);

  add(group: number, value: unknown): void {
    this.#rows.push(value);
    const row = this.#rows.length;
    if (row >= this.#next.length) this.#next = grown(this.#next, row);
    if (group >= this.#last.length) {
      this.#first = grown(this.#first, group);
      this.#last = grown(this.#last, group);
    }
    const before = this.#last[group] as number;
    if (before === NONE) this.#first[group] = row;
    else this.#next[before] = row;
    this.#last[group] = row;
  }

  /** The values of a group, in an array of their own. */
  valuesOf(group: number): unknown[] {
    let row = this.#first[group] ?? NONE;
    if (row === NONE) return [];
    const values = [this.#rows[row - 1]];
    for (row = this.#next[row] ?? NONE; row !== NONE; row = this.#next[row] ?? NONE) {
      values.push(this.#rows[row - 1]);
    }
    return values;
  }
}

function grown(column: Int32Array<ArrayBuffer>, wanted: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * Math.max(column.length, wanted));
  larger.set(column);
  return larger;
}
