/** Makes the one call of a `unit` case; what it throws is the case's error. */
export type UnitAdapter = (args: unknown) => unknown;

/** Makes the object of a `sequence` case and answers with what performs a step on it. */
export type SequenceAdapter = (args: unknown) => (call: string, args: unknown) => unknown;

/** The arguments as a list of numbers. */
export function numbers(args: unknown): number[] {
  return (args as readonly unknown[]).map(Number);
}

/** The arguments as a list. */
export function list(args: unknown): readonly unknown[] {
  return args as readonly unknown[];
}
