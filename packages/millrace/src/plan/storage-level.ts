/**
 * Where and how a persisted RDD is kept. Use the constants (`StorageLevel.MEMORY_ONLY`, …), named as in
 * Spark. In the embedded engine partitions in memory are objects while there is room. When there is not, the least
 * recently used become bytes (levels that are not `deserialized`), go to disk (`useDisk`), or are let go and computed
 * again. Replication means something on a Spark cluster only.
 *
 * ```ts
 * import { SparkContext, StorageLevel } from "millrace";
 * import assert from "node:assert";
 * const sc = new SparkContext("local", "levels");
 * const squares = sc.parallelize([1, 2, 3]).map(x => x * x).persist(StorageLevel.MEMORY_ONLY);
 * assert.equal(squares.getStorageLevel().useMemory, true);
 * await sc.stop();
 * ```
 */
export class StorageLevel {
  /** Whether partitions are kept on disk, those at least that do not fit into memory. */
  readonly useDisk: boolean;
  /** Whether partitions are kept in memory. */
  readonly useMemory: boolean;
  /** Whether that memory lies outside the JavaScript heap. */
  readonly useOffHeap: boolean;
  /** Whether they are kept as objects, not as bytes. */
  readonly deserialized: boolean;
  /** In how many places each partition is kept. */
  readonly replication: number;

  private constructor(
    useDisk: boolean,
    useMemory: boolean,
    useOffHeap: boolean,
    deserialized: boolean,
    replication: number,
  ) {
    this.useDisk = useDisk;
    this.useMemory = useMemory;
    this.useOffHeap = useOffHeap;
    this.deserialized = deserialized;
    this.replication = replication;
    Object.freeze(this);
  }

  /** Not kept. */
  static readonly NONE = new StorageLevel(false, false, false, false, 1);
  /** On disk. */
  static readonly DISK_ONLY = new StorageLevel(true, false, false, false, 1);
  /** On disk, in two places. */
  static readonly DISK_ONLY_2 = new StorageLevel(true, false, false, false, 2);
  /** On disk, in three places. */
  static readonly DISK_ONLY_3 = new StorageLevel(true, false, false, false, 3);
  /** In memory as objects: the default of `RDD.persist`. */
  static readonly MEMORY_ONLY = new StorageLevel(false, true, false, true, 1);
  /** In memory as objects, in two places. */
  static readonly MEMORY_ONLY_2 = new StorageLevel(false, true, false, true, 2);
  /** In memory as bytes: the default of `DStream.persist`. */
  static readonly MEMORY_ONLY_SER = new StorageLevel(false, true, false, false, 1);
  /** In memory as bytes, in two places. */
  static readonly MEMORY_ONLY_SER_2 = new StorageLevel(false, true, false, false, 2);
  /** In memory as objects; on disk what does not fit. */
  static readonly MEMORY_AND_DISK = new StorageLevel(true, true, false, true, 1);
  /** In memory as objects, on disk what does not fit; in two places. */
  static readonly MEMORY_AND_DISK_2 = new StorageLevel(true, true, false, true, 2);
  /** In memory as bytes; on disk what does not fit. */
  static readonly MEMORY_AND_DISK_SER = new StorageLevel(true, true, false, false, 1);
  /** In memory as bytes, on disk what does not fit; in two places: the default of receivers. */
  static readonly MEMORY_AND_DISK_SER_2 = new StorageLevel(true, true, false, false, 2);
  /** In memory outside the JavaScript heap, as bytes; on disk what does not fit. */
  static readonly OFF_HEAP = new StorageLevel(true, true, true, false, 1);

  /** Spark's description, such as `Disk Memory Serialized 2x Replicated`. */
  get description(): string {
    const parts = [
      this.useDisk ? "Disk" : "",
      this.useMemory ? (this.useOffHeap ? "Memory (off heap)" : "Memory") : "",
      this.deserialized ? "Deserialized" : "Serialized",
      `${this.replication}x Replicated`,
    ];
    return parts.filter(part => part !== "").join(" ");
  }

  /** Whether anything is kept at all. */
  get isValid(): boolean {
    return this.useMemory || this.useDisk;
  }

  /** `StorageLevel(…)` with the description. */
  toString(): string {
    return `StorageLevel(${this.description})`;
  }
}
