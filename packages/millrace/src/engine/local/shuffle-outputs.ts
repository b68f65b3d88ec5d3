import type { ShuffleNode } from "../../plan/index.ts";
import type { ShuffleBlock } from "../../task/shuffle-block.ts";

/** What the map side of a shuffle left: `blocks[map][reducer]`. */
interface Outputs {
  blocks: readonly (readonly ShuffleBlock[])[] | undefined;
  running: Promise<void> | undefined;
}

/** What the outputs of a shuffle take up. */
export interface HeldOutputs {
  /** Kilobytes in memory. */
  readonly heldKb: number;
  readonly paths: readonly string[];
}

/** What a run of the map side left: `blocks[map][reducer]`. */
export interface MapOutputs {
  readonly blocks: readonly (readonly ShuffleBlock[])[];
  readonly heldKb: number;
}

/** Shuffle outputs, held by the node they belong to: they go when the program lets go of it. */
export class ShuffleOutputs {
  readonly #outputs = new WeakMap<ShuffleNode, Outputs>();
  readonly #registry: FinalizationRegistry<HeldOutputs>;

  /** `onGone` is told of what nobody can read any more. */
  constructor(onGone: (gone: HeldOutputs) => void) {
    this.#registry = new FinalizationRegistry(onGone);
  }

  /** One reducer's blocks, in map order; `undefined` when the map side has not run. */
  blocksOf(node: ShuffleNode, reducer: number): readonly ShuffleBlock[] | undefined {
    return this.#outputs.get(node)?.blocks?.map(blocks => blocks[reducer] as ShuffleBlock);
  }

  /**
   * Makes sure the map side has run: waits for a run that is under way (and runs it again itself if that
   * one, which belongs to another job, failed or was cancelled), or calls `run`. `undefined` when there is nothing to
   * wait for; what `run` throws is a rejection in any case, as others may run beside it.
   */
  ensure(node: ShuffleNode, run: () => MapOutputs | Promise<MapOutputs>): Promise<void> | undefined {
    let outputs = this.#outputs.get(node);
    if (outputs === undefined) {
      outputs = { blocks: undefined, running: undefined };
      this.#outputs.set(node, outputs);
    }
    if (outputs.blocks !== undefined) return undefined;
    return outputs.running === undefined
      ? this.#make(node, outputs, run)
      : this.#afterOther(node, outputs, run);
  }

  async #afterOther(
    node: ShuffleNode,
    outputs: Outputs,
    run: () => MapOutputs | Promise<MapOutputs>,
  ): Promise<void> {
    while (outputs.running !== undefined) await outputs.running.catch(() => {});
    if (outputs.blocks === undefined) await this.#make(node, outputs, run);
  }

  #make(
    node: ShuffleNode,
    outputs: Outputs,
    run: () => MapOutputs | Promise<MapOutputs>,
  ): Promise<void> | undefined {
    try {
      const made = run();
      if (made instanceof Promise) {
        outputs.running = this.#whenMade(node, outputs, made);
        return outputs.running;
      }
      this.#hold(node, outputs, made);
      return undefined;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async #whenMade(node: ShuffleNode, outputs: Outputs, made: Promise<MapOutputs>): Promise<void> {
    try {
      this.#hold(node, outputs, await made);
    } finally {
      outputs.running = undefined;
    }
  }

  #hold(node: ShuffleNode, outputs: Outputs, { blocks, heldKb }: MapOutputs): void {
    outputs.blocks = blocks;
    const paths = pathsOf(blocks);
    if (heldKb > 0 || paths.length > 0) this.#registry.register(node, { heldKb, paths });
  }
}

function pathsOf(blocks: readonly (readonly ShuffleBlock[])[]): string[] {
  let paths: Set<string> | undefined;
  for (const ofMap of blocks) {
    for (const block of ofMap) {
      if (block.kind !== "spilled") continue;
      paths ??= new Set();
      paths.add(block.path);
    }
  }
  return paths === undefined ? [] : [...paths];
}
