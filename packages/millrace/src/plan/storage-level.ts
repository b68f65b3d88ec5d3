/**
 * Where and how a persisted RDD is kept. Use the constants (`StorageLevel.MEMORY_ONLY`, …), named as in
 * Spark; replication means something only on a Spark cluster.
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
  readonly useDisk: boolean;
  readonly useMemory: boolean;
  readonly useOffHeap: boolean;
  readonly deserialized: boolean;
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

  static readonly NONE = new StorageLevel(false, false, false, false, 1);
  static readonly DISK_ONLY = new StorageLevel(true, false, false, false, 1);
  static readonly DISK_ONLY_2 = new StorageLevel(true, false, false, false, 2);
  static readonly DISK_ONLY_3 = new StorageLevel(true, false, false, false, 3);
  static readonly MEMORY_ONLY = new StorageLevel(false, true, false, true, 1);
  static readonly MEMORY_ONLY_2 = new StorageLevel(false, true, false, true, 2);
  static readonly MEMORY_ONLY_SER = new StorageLevel(false, true, false, false, 1);
  static readonly MEMORY_ONLY_SER_2 = new StorageLevel(false, true, false, false, 2);
  static readonly MEMORY_AND_DISK = new StorageLevel(true, true, false, true, 1);
  static readonly MEMORY_AND_DISK_2 = new StorageLevel(true, true, false, true, 2);
  static readonly MEMORY_AND_DISK_SER = new StorageLevel(true, true, false, false, 1);
  static readonly MEMORY_AND_DISK_SER_2 = new StorageLevel(true, true, false, false, 2);
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

  toString(): string {
    return `StorageLevel(${this.description})`;
  }
}
