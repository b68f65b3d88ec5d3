/** The persisted partitions that live where a task runs, by plan node. */
export class PartitionCache {
  readonly #nodes = new Map<number, Map<number, readonly unknown[]>>();

  get(node: number, partition: number): readonly unknown[] | undefined {
    return this.#nodes.get(node)?.get(partition);
  }

  put(node: number, partition: number, records: readonly unknown[]): void {
    let partitions = this.#nodes.get(node);
    if (partitions === undefined) {
      partitions = new Map();
      this.#nodes.set(node, partitions);
    }
    partitions.set(partition, records);
  }

  /** Forgets every partition of a node. */
  drop(node: number): void {
    this.#nodes.delete(node);
  }

  clear(): void {
    this.#nodes.clear();
  }

  /** How many nodes have partitions here. */
  get size(): number {
    return this.#nodes.size;
  }
}
