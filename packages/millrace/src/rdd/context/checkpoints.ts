import type { FileSystem } from "../../common/platform/platform.ts";
import { becomeSource, type Origin, type PlanNode, parentsOf } from "../../plan/index.ts";
import type { SequenceSplit } from "../../task/formats/sequence-file/sequence-reader.ts";

/** One RDD that is to be, or is, read from files instead of being computed again. */
interface Mark {
  readonly path: string;
  readonly origin: Origin;
  isSaving: boolean;
  /** Where its partitions are, once they are saved. */
  splits: readonly SequenceSplit[] | undefined;
}

/** Writes the partitions of a plan to a directory. */
export type SaveRecords = (node: PlanNode, path: string, origin: Origin) => Promise<void>;

/** RDDs marked by `checkpoint()`: saved after the first job that needs them, and then cut off from their lineage. */
export class Checkpoints {
  readonly #marks = new WeakMap<PlanNode, Mark>();
  readonly #files: FileSystem;
  readonly #save: SaveRecords;
  /** Saved, and not yet cut off because of jobs under way. */
  #uncut: PlanNode[] = [];
  #unsaved = 0;

  constructor(files: FileSystem, save: SaveRecords) {
    this.#files = files;
    this.#save = save;
  }

  /** Whether jobs have to be followed at all. */
  get areWaiting(): boolean {
    return this.#unsaved > 0 || this.#uncut.length > 0;
  }

  /** Once marked it stays where it was to be saved first. */
  mark(node: PlanNode, directory: string, origin: Origin): void {
    if (this.#marks.has(node)) return;
    const path = `${directory}/rdd-${node.id}`;
    this.#marks.set(node, { path, origin, isSaving: false, splits: undefined });
    this.#unsaved += 1;
  }

  /** Where a node is saved, if it is. */
  pathOf(node: PlanNode): string | undefined {
    const mark = this.#marks.get(node);
    return mark?.splits === undefined ? undefined : mark.path;
  }

  /** Saves what is marked of a lineage that a job has just computed. */
  async afterJob(node: PlanNode): Promise<void> {
    for (const [marked, mark] of this.#unsavedIn(node)) {
      mark.isSaving = true;
      try {
        await this.#save(marked, mark.path, mark.origin);
        mark.splits = await this.#splitsOf(mark.path, marked.numPartitions);
        this.#unsaved -= 1;
        this.#uncut.push(marked);
      } finally {
        mark.isSaving = false;
      }
    }
  }

  /** Cuts off what is saved; to be called when no job is under way. */
  cut(): void {
    for (const node of this.#uncut) {
      const { splits } = this.#marks.get(node) as Mark;
      // The next version of a state is made from the one before; and it ends its lineage by itself.
      if (splits !== undefined && node.op !== "stateView")
        becomeSource(node, { name: "object-file" }, splits);
    }
    this.#uncut = [];
  }

  /** The nearest marked nodes: what they are computed from will not be needed. */
  #unsavedIn(node: PlanNode): [PlanNode, Mark][] {
    const found: [PlanNode, Mark][] = [];
    const seen = new Set<PlanNode>([node]);
    for (const each of seen) {
      const mark = this.#marks.get(each);
      if (mark === undefined) for (const parent of parentsOf(each)) seen.add(parent);
      else if (mark.splits === undefined && !mark.isSaving) found.push([each, mark]);
    }
    return found;
  }

  /** Partition i is the whole of file i. */
  async #splitsOf(path: string, count: number): Promise<SequenceSplit[]> {
    const parts = (await this.#files.list(path)).filter(file => /\/part-\d+$/.test(file.path));
    return parts.slice(0, count).map(part => ({ path: part.path, start: 0, end: part.sizeBytes }));
  }
}
