import type { ShuffleNode } from "../../plan/index.ts";
import type { ShuffleBlock } from "../../task/shuffle-block.ts";

/** What the map side of a shuffle left: `blocks[map][reducer]`. */
interface Outputs {
  blocks: readonly (readonly ShuffleBlock[])[] | undefined;
  running: Promise<void> | undefined;
}

/** Shuffle outputs, held by the node they belong to: they go when the program lets go of it. */
export class ShuffleOutputs {
  readonly #outputs = new WeakMap<ShuffleNode, Outputs>();

  /** One reducer's blocks, in map order; `undefined` when the map side has not run. */
  blocksOf(node: ShuffleNode, reducer: number): readonly ShuffleBlock[] | undefined {
    return this.#outputs.get(node)?.blocks?.map(blocks => blocks[reducer] as ShuffleBlock);
  }

  /**
   * Makes sure the map side has run: waits for a run that is under way (and runs it again itself if that
   * one, which belongs to another job, failed or was cancelled), or calls `run`.
   */
  async ensure(node: ShuffleNode, run: () => Promise<readonly (readonly ShuffleBlock[])[]>): Promise<void> {
    let outputs = this.#outputs.get(node);
    if (outputs === undefined) {
      outputs = { blocks: undefined, running: undefined };
      this.#outputs.set(node, outputs);
    }
    while (outputs.blocks === undefined) {
      if (outputs.running !== undefined) {
        await outputs.running.catch(() => {});
        continue;
      }
      const own = outputs;
      own.running = (async () => {
        try {
          own.blocks = await run();
        } finally {
          own.running = undefined;
        }
      })();
      await own.running;
    }
  }
}
