import type { HistoryData } from "./batch-history.ts";

/** The version of everything in a checkpoint directory. */
export const checkpointFormat = 1;

/** How the keys of saved pairs were assigned to partitions; `null` when by something that is no data. */
export type SavedPartitioner = { readonly kind: "hash"; readonly numPartitions: number } | null;

/** The records of one stream at one batch time. */
export interface SavedRecords {
  readonly timeMs: number;
  /** Name of the file in the checkpoint directory; `null` when the stream had no RDD. */
  readonly file: string | null;
  readonly numPartitions: number;
  readonly partitioner: SavedPartitioner;
  /** Of keyed state: the version of its form that the program declared; absent for 0. */
  readonly stateVersion?: number;
  /** Of keyed state, partition by partition: the snapshots that make it up, the oldest first. */
  readonly chains?: readonly (readonly StatePiece[])[];
}

/** A snapshot of one partition of a keyed state. */
export interface StatePiece {
  /** It is the partition's part of this file. */
  readonly file: string;
  readonly kind: "base" | "delta";
  /** The run that wrote it, and how many it had written of this state before: tells which entries it has. */
  readonly run: number;
  readonly number: number;
  /** Keys of the partition. */
  readonly numKeys: number;
}

/** What a checkpoint knows about one stream. */
export interface SavedOperator {
  /** Its `uid`, or its kind and position. */
  readonly id: string;
  readonly kind: string;
  readonly slideMs: number;
  /** Of windows: how far they look back. */
  readonly windowMs: number | null;
  /** Whether the stream builds on its own earlier results: losing its records would change what it computes. */
  readonly isStateful: boolean;
  readonly records: readonly SavedRecords[];
  /** Of inputs: what they want to know again. */
  readonly state?: unknown;
}

/** Everything a new run needs to go on where the one before stopped, together with the log since then. */
export interface Snapshot {
  readonly format: typeof checkpointFormat;
  readonly run: number;
  /** The first segment of the batch log whose records are not part of this. */
  readonly segment: number;
  /** When it was made, in milliseconds since the epoch. */
  readonly savedAtMs: number;
  /** The first run of an application, or of one that began anew. */
  readonly isFresh: boolean;
  readonly application: { readonly name: string; readonly master: string };
  /** The configuration of the run, as it was. */
  readonly conf: Readonly<Record<string, string>>;
  readonly batchMs: number;
  readonly zeroMs: number;
  readonly history: HistoryData;
  readonly operators: readonly SavedOperator[];
}
