import type { StateSnapshot } from "../../task/state/state-snapshot.ts";
import type { StatePiece } from "./snapshot.ts";

/** Every so many snapshots in a row of one run have every entry of a state. */
export const snapshotsOfAllEntries = 16;

/** The snapshots that make up a partition of a state, with one more; those that are not needed any more fall away. */
export function extendChain(
  before: readonly StatePiece[],
  { kind, numKeys }: Pick<StateSnapshot, "kind" | "numKeys">,
  file: string,
  run: number,
  number: number,
): readonly StatePiece[] {
  const piece: StatePiece = { file, kind, run, number, numKeys };
  if (kind === "base") return [piece];
  const chain = [...before, piece];
  const first = chain.at(-snapshotsOfAllEntries);
  // Entries have other numbers in another run, so its parts do not fill the gaps of this one's.
  const hasAll = first?.run === run && first.number === number - snapshotsOfAllEntries + 1;
  return hasAll ? chain.slice(-snapshotsOfAllEntries) : chain;
}
