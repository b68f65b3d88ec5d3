/**
 * What the entries that one version changed held before it: enough to take the version back, and to read the
 * one before it while the map has moved on. Grows with the entries touched, not with the map.
 */
export class UndoLog {
  readonly entries: number[] = [];
  readonly keys: unknown[] = [];
  readonly states: unknown[] = [];
  readonly times: number[] = [];

  note(entry: number, key: unknown, state: unknown, timeMs: number): void {
    this.entries.push(entry);
    this.keys.push(key);
    this.states.push(state);
    this.times.push(timeMs);
  }
}
