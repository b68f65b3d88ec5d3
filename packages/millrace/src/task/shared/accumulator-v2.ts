import { unshippable } from "../../closure/index.ts";
import { millraceError } from "../../common/errors/index.ts";
import { runningTask } from "./running-task.ts";

/** What is known of a registered accumulator. */
export interface Registration {
  readonly id: number;
  readonly name: string | undefined;
}

const registrations = new WeakMap<AnyAccumulator, Registration>();
/** Copies on their way to another thread, which may travel although they are not registered. */
const travelling = new WeakSet<object>();
/** Accumulators of this thread by id; they go when the program lets go of them. */
const live = new Map<number, WeakRef<AnyAccumulator>>();
const collected = new FinalizationRegistry<number>(id => live.delete(id));
let lastId = 0;

/**
 * A variable that tasks only add to and the driver reads, as in Spark. Extend it for sums of your own; use
 * `sc.longAccumulator`, `sc.doubleAccumulator` and `sc.collectionAccumulator` for the usual ones.
 *
 * Register an instance with `sc.register` before functions use it. While a task runs, the accumulator it sees is a copy
 * of the task's own, reset to zero; when the task succeeds, the copy is merged into the driver's. A task that
 * fails or is tried again so counts once. Inside transformations updates may count more than once, when a
 * partition is computed again.
 *
 * State belongs into ordinary fields (`private total = 0`, not `#total`), because copies travel between threads.
 *
 * ```ts
 * import assert from "node:assert";
 * import { AccumulatorV2, SparkContext } from "millrace";
 * class Longest extends AccumulatorV2<string, string> {
 *   private word = "";
 *   get isZero() {
 *     return this.word === "";
 *   }
 *   get value() {
 *     return this.word;
 *   }
 *   copy() {
 *     const copy = new Longest();
 *     copy.word = this.word;
 *     return copy;
 *   }
 *   reset() {
 *     this.word = "";
 *   }
 *   add(word: string) {
 *     if (word.length > this.word.length) this.word = word;
 *   }
 *   merge(other: this) {
 *     this.add(other.word);
 *   }
 * }
 * const sc = new SparkContext("local", "longest");
 * const longest = new Longest();
 * sc.register(longest, "longest word");
 * await sc.parallelize(["a", "abc", "ab"], 2).foreach(word => longest.add(word));
 * assert.equal(longest.value, "abc");
 * await sc.stop();
 * ```
 */
export abstract class AccumulatorV2<IN, OUT> {
  static {
    Object.defineProperty(AccumulatorV2.prototype, unshippable, {
      get(this: AnyAccumulator) {
        const isPrototype = Object.hasOwn(this, "constructor");
        if (isPrototype || registrations.has(this) || travelling.has(this)) return undefined;
        return {
          what: "an accumulator that is not registered",
          advice: "Call sc.register(accumulator) before.",
        };
      },
    });
  }

  /** Whether nothing was added yet. */
  abstract get isZero(): boolean;
  /** What was added up: on the driver of all tasks that succeeded, in a task of this task so far. */
  abstract get value(): OUT;
  /** A new accumulator of the same class in the same state; it is not registered. */
  abstract copy(): AccumulatorV2<IN, OUT>;
  /** Makes it zero. */
  abstract reset(): void;
  /** Takes a value in. */
  abstract add(value: IN): void;
  /** Takes in what another one of the same class added up. */
  abstract merge(other: this): void;

  /** A copy that is zero. */
  copyAndReset(): AccumulatorV2<IN, OUT> {
    const copy = this.copy();
    copy.reset();
    return copy;
  }

  /** Whether `sc.register` knows it. */
  get isRegistered(): boolean {
    return registrations.has(this);
  }

  /** Unique in this process. @throws MR_ACCUMULATOR unless it is registered */
  get id(): number {
    return registrationOf(this).id;
  }

  /** The name it was registered with. */
  get name(): string | undefined {
    return registrations.get(this)?.name;
  }

  /** The class, the name and the value. */
  toString(): string {
    const name = this.name === undefined ? "" : `${this.name}: `;
    return `${this.constructor.name}(${name}${String(this.value)})`;
  }
}

/** An accumulator of whatever it takes and answers. */
export type AnyAccumulator = AccumulatorV2<never, unknown>;

/** What is known of an accumulator. @throws MR_ACCUMULATOR unless it is registered */
export function registrationOf(accumulator: AnyAccumulator): Registration {
  const registration = registrations.get(accumulator);
  if (registration === undefined) {
    throw millraceError("MR_ACCUMULATOR", `this ${accumulator.constructor.name} is not registered`);
  }
  return registration;
}

/** Makes an accumulator known to tasks of this process. @throws MR_ACCUMULATOR when it is known already */
export function registerAccumulator(accumulator: AnyAccumulator, name: string | undefined): void {
  if (registrations.has(accumulator)) {
    throw millraceError("MR_ACCUMULATOR", `this ${accumulator.constructor.name} is registered already`);
  }
  lastId += 1;
  adoptAccumulator(accumulator, { id: lastId, name });
}

/** Gives an accumulator its identity in this thread: the driver's own, or the one that stands for it in a worker. */
export function adoptAccumulator(accumulator: AnyAccumulator, registration: Registration): void {
  registrations.set(accumulator, registration);
  live.set(registration.id, new WeakRef(accumulator));
  collected.register(accumulator, registration.id);
  redirectToTasks(accumulator);
}

/** Whether any accumulator is known in this thread: without one, tasks need none of their own. */
export function knowsAccumulators(): boolean {
  return live.size > 0;
}

/** The accumulator of an id, unless the program let go of it. */
export function liveAccumulator(id: number): AnyAccumulator | undefined {
  return live.get(id)?.deref();
}

/** Name and value of an accumulator with a name. */
export function liveAccumulable(
  id: number,
): { readonly id: number; readonly name: string; readonly value: unknown } | undefined {
  const accumulator = liveAccumulator(id);
  const name = accumulator?.name;
  return accumulator === undefined || name === undefined ? undefined : { id, name, value: accumulator.value };
}

/** A zero of the same class, ready to travel. */
export function travellingZero(accumulator: AnyAccumulator): AnyAccumulator {
  const zero = accumulator.copyAndReset();
  travelling.add(zero);
  return zero;
}

/**
 * Inside a task every method and property of a registered accumulator is that of the task's own copy. So tasks
 * of this thread, which see the driver's object itself, count as those of other threads do.
 */
function redirectToTasks(accumulator: AnyAccumulator): void {
  const own = (self: AnyAccumulator): AnyAccumulator => runningTask.getStore()?.copyOf(self) ?? self;
  const seen = new Set<PropertyKey>(["constructor", "id", "name", "isRegistered"]);
  for (
    let prototype: object = Object.getPrototypeOf(accumulator);
    prototype !== AccumulatorV2.prototype && prototype !== Object.prototype;
    prototype = Object.getPrototypeOf(prototype)
  ) {
    for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (seen.has(key)) continue;
      seen.add(key);
      Object.defineProperty(accumulator, key, redirected(descriptor, accumulator, own));
    }
  }
}

function redirected(
  { value, get, set }: PropertyDescriptor,
  accumulator: AnyAccumulator,
  own: (self: AnyAccumulator) => AnyAccumulator,
): PropertyDescriptor {
  const hidden = { enumerable: false, configurable: true };
  if (typeof value === "function") {
    const call = (...args: unknown[]): unknown => value.apply(own(accumulator), args);
    return { ...hidden, writable: true, value: call };
  }
  const forwarding: PropertyDescriptor = {
    ...hidden,
    get: get === undefined ? () => value : () => get.call(own(accumulator)),
  };
  if (set !== undefined) forwarding.set = next => set.call(own(accumulator), next);
  return forwarding;
}
