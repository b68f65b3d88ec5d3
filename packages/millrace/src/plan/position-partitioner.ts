import { Partitioner } from "./partitioner.ts";

/** For `repartition`: keys are positions, dealt out in turn. */
export class PositionPartitioner extends Partitioner {
  override readonly numPartitions: number;

  constructor(numPartitions: number) {
    super();
    this.numPartitions = numPartitions;
  }

  override getPartition(key: unknown): number {
    return (key as number) % this.numPartitions;
  }
}
