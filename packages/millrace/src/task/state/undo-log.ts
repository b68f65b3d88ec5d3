/**
 * What the entries that one version changed held before it: enough to take the version back, and to read the
 * one before it while the map has moved on. Grows with the entries touched, not with the map.
 */
export class UndoLog {
  /** How many keys there were before. */
  readonly sizeBefore: number;
  readonly entries: number[] = [];
  readonly keys: unknown[] = [];
  readonly states: unknown[] = [];
  readonly times: number[] = [];
  /** The version that wrote the entry down the last time, and where in its log; 0 when there is none. */
  readonly lastVersions: number[] = [];
  readonly lastPlaces: number[] = [];

  constructor(sizeBefore: number) {
    this.sizeBefore = sizeBefore;
  }

  /** Writes an entry down; answers its place in the log. */
  note(
    entry: number,
    key: unknown,
    state: unknown,
    timeMs: number,
    lastVersion: number,
    lastPlace: number,
  ): number {
    this.keys.push(key);
    this.states.push(state);
    this.times.push(timeMs);
    this.lastVersions.push(lastVersion);
    this.lastPlaces.push(lastPlace);
    return this.entries.push(entry) - 1;
  }
}
