import { DEFAULT_POOL, defaultPool, type PoolConfig, type SchedulingConfig } from "./pools.ts";
import { type QueuedTask, TaskSet } from "./task-set.ts";

/** A pool with the task sets of its jobs, in order of job and stage. */
interface Pool<T extends QueuedTask> {
  readonly config: PoolConfig;
  readonly sets: TaskSet<T>[];
  running: number;
}

/** What the fair order looks at. */
interface Share {
  readonly running: number;
  readonly minShare: number;
  readonly weight: number;
}

/**
 * Tasks that wait for a slot, in the order in which jobs share the slots. FIFO: the oldest job first, and what slots it
 * leaves go to the next. FAIR: pools get slots by minimum share and then by weight, as in Spark; within a pool its own
 * mode decides.
 */
export class TaskQueue<T extends QueuedTask> {
  readonly #isFair: boolean;
  readonly #configs: ReadonlyMap<string, PoolConfig>;
  readonly #pools = new Map<string, Pool<T>>();

  constructor({ mode, pools }: SchedulingConfig) {
    this.#isFair = mode === "FAIR";
    this.#configs = new Map(pools.map(pool => [pool.name, pool]));
  }

  push(task: T): void {
    const pool = this.#pool(task.pool);
    let at = pool.sets.length;
    // Nearly always the newest stage: the search starts at the end.
    while (at > 0 && isBefore(task, pool.sets[at - 1] as TaskSet<T>)) at -= 1;
    const found = pool.sets[at - 1];
    if (found?.job === task.job && found.stage === task.stage) {
      found.push(task);
      return;
    }
    const set = new TaskSet<T>(task.job, task.stage);
    set.push(task);
    pool.sets.splice(at, 0, set);
  }

  /** The next task for a free slot; it counts as running until `ended` is told. */
  take(slot: number): T | undefined {
    for (const pool of this.#inOrder()) {
      const set = firstFor(pool, slot);
      const task = set?.take(slot);
      if (set === undefined || task === undefined) continue;
      set.running += 1;
      pool.running += 1;
      return task;
    }
    return undefined;
  }

  /** A task that was taken has left its slot. */
  ended(task: T): void {
    const pool = this.#pool(task.pool);
    pool.running -= 1;
    const at = pool.sets.findIndex(({ job, stage }) => job === task.job && stage === task.stage);
    const set = pool.sets[at];
    if (set !== undefined) {
      set.running -= 1;
      if (set.isEmpty && set.running === 0) pool.sets.splice(at, 1);
    }
    if (pool.sets.length === 0 && pool.running === 0) this.#pools.delete(pool.config.name);
  }

  /** Everything that waits, taken out. */
  drain(): T[] {
    return [...this.#pools.values()].flatMap(pool => pool.sets.flatMap(set => set.drain()));
  }

  #pool(wanted: string): Pool<T> {
    const name = this.#isFair ? wanted : DEFAULT_POOL;
    let pool = this.#pools.get(name);
    if (pool === undefined) {
      pool = { config: this.#configs.get(name) ?? defaultPool(name), sets: [], running: 0 };
      this.#pools.set(name, pool);
    }
    return pool;
  }

  #inOrder(): Iterable<Pool<T>> {
    if (this.#pools.size < 2) return this.#pools.values();
    const share = ({ config, running }: Pool<T>): Share => ({ ...config, running });
    return [...this.#pools.values()].sort(
      (a, b) => compareShares(share(a), share(b)) || (a.config.name < b.config.name ? -1 : 1),
    );
  }
}

function isBefore(task: QueuedTask, set: TaskSet<QueuedTask>): boolean {
  return task.job < set.job || (task.job === set.job && task.stage < set.stage);
}

function firstFor<T extends QueuedTask>(pool: Pool<T>, slot: number): TaskSet<T> | undefined {
  if (pool.config.mode === "FIFO") return pool.sets.find(set => set.hasTaskFor(slot));
  const sets = pool.sets.filter(set => set.hasTaskFor(slot));
  const share = ({ running }: TaskSet<T>): Share => ({ running, minShare: 0, weight: 1 });
  return sets.sort((a, b) => compareShares(share(a), share(b)) || a.job - b.job || a.stage - b.stage)[0];
}

/** Who has less than its minimum comes first, then who has least in relation to its weight. */
function compareShares(a: Share, b: Share): number {
  const isNeedy = a.running < a.minShare;
  if (isNeedy !== b.running < b.minShare) return isNeedy ? -1 : 1;
  if (isNeedy) return a.running / Math.max(a.minShare, 1) - b.running / Math.max(b.minShare, 1);
  return a.running / a.weight - b.running / b.weight;
}
