/** The records of one batch; `null` or `undefined` when there is no RDD for its time at all. */
export type Batch<T> = readonly T[] | null | undefined;

/** A table: one entry per batch, the first for the first batch. */
export type Batches<T> = readonly Batch<T>[];
