/** A task that waits for a slot. */
export interface QueuedTask {
  readonly job: number;
  readonly stage: number;
  /** The pool of its job. */
  readonly pool: string;
  /** The slot it must run in; any, when absent. */
  readonly home: number | undefined;
}

/** First in, first out; taking does not move what is left. */
class Line<T> {
  #items: T[] = [];
  #next = 0;

  get isEmpty(): boolean {
    return this.#next === this.#items.length;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  shift(): T | undefined {
    if (this.isEmpty) return undefined;
    const item = this.#items[this.#next] as T;
    this.#next += 1;
    if (this.isEmpty) {
      this.#items = [];
      this.#next = 0;
    }
    return item;
  }
}

/** The waiting tasks of one stage. */
export class TaskSet<T extends QueuedTask> {
  readonly job: number;
  readonly stage: number;
  /** Tasks of it that have a slot now. */
  running = 0;
  readonly #anywhere = new Line<T>();
  readonly #atHome = new Map<number, Line<T>>();

  constructor(job: number, stage: number) {
    this.job = job;
    this.stage = stage;
  }

  push(task: T): void {
    if (task.home === undefined) {
      this.#anywhere.push(task);
      return;
    }
    let line = this.#atHome.get(task.home);
    if (line === undefined) {
      line = new Line();
      this.#atHome.set(task.home, line);
    }
    line.push(task);
  }

  /** The next task for a slot; those that can run nowhere else come first. */
  take(slot: number): T | undefined {
    const line = this.#atHome.get(slot);
    const task = line?.shift();
    if (line?.isEmpty === true) this.#atHome.delete(slot);
    return task ?? this.#anywhere.shift();
  }

  hasTaskFor(slot: number): boolean {
    return !this.#anywhere.isEmpty || this.#atHome.has(slot);
  }

  get isEmpty(): boolean {
    return this.#anywhere.isEmpty && this.#atHome.size === 0;
  }

  /** Everything that waits, taken out. */
  drain(): T[] {
    const tasks: T[] = [];
    for (const line of [this.#anywhere, ...this.#atHome.values()]) {
      for (let task = line.shift(); task !== undefined; task = line.shift()) tasks.push(task);
    }
    this.#atHome.clear();
    return tasks;
  }
}
