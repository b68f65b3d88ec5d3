/** The key of an entry that is free. */
export const FREE: unique symbol = Symbol("free");

/** What an entry of a map holds; its key is `FREE` when that is nothing. */
export interface Entry {
  readonly key: unknown;
  readonly state: unknown;
  /** When the state was last updated, in milliseconds. */
  readonly timeMs: number;
}
