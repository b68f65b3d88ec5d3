import { CacheMiss } from "../cached-source.ts";
import { type Chunk, type ChunkSource, EMPTY_CHUNK } from "../chunk.ts";
import { fusedLoop, type LoopState } from "../fuse/program.ts";
import { functionAt, fusedSteps, type InputContext, stepFunction } from "../input-context.ts";
import { appendRecords } from "../iterate.ts";
import { blame } from "../operator-error.ts";
import type { Operation, TaskInput } from "../spec.ts";
import { splitTail } from "../split-tail.ts";
import { loadRecords, recordVersion } from "./recorded-version.ts";
import { findRule, type StateUpdate } from "./rules/index.ts";
import { StateMap } from "./state-map.ts";
import { SnapshotLoader } from "./state-snapshot.ts";

type UpdateInput = TaskInput & { readonly op: "stateUpdate" };
/** Gives chunks, which are empty when it is only the event loop's turn, and promises when there is something to wait for. */
type Work<R = void> = Generator<Chunk | Promise<Chunk | undefined>, R, Chunk>;
type Accept = (key: unknown, value: unknown) => void;
type AcceptState = LoopState & { readonly accept: Accept };

/** What work is told at the end of a source it waited for: being resumed without a chunk means something else. */
const END: Chunk = { kind: "values", values: [], from: 0, to: 0 };

/**
 * Makes the next version of one partition of a state: from the one before with the updates of a batch, or from a
 * snapshot. When something throws, or the task is given up, the version before is as it was.
 */
export function stateUpdateSource(
  input: UpdateInput,
  openInput: (input: TaskInput) => ChunkSource,
  context: InputContext,
): ChunkSource {
  const work = new StateWork(input, openInput, context).run();
  const advance = (received: Chunk): Chunk | undefined | Promise<Chunk | undefined> => {
    const { done, value } = work.next(received);
    if (done === true) return undefined;
    return value instanceof Promise ? value.then(chunk => advance(chunk ?? END)) : value;
  };
  return { next: () => advance(END), close: () => void work.return() };
}

class StateWork {
  readonly #input: UpdateInput;
  readonly #openInput: (input: TaskInput) => ChunkSource;
  readonly #context: InputContext;

  constructor(input: UpdateInput, openInput: (input: TaskInput) => ChunkSource, context: InputContext) {
    this.#input = input;
    this.#openInput = openInput;
    this.#context = context;
  }

  *run(): Work {
    const { node, partition, keeps } = this.#input;
    const { states } = this.#context.environment;
    if (states.get(node, partition) !== undefined) {
      // Another job was here first.
      this.#context.onCached(node, partition);
      return;
    }
    const map = this.#map();
    map.begin();
    let isComplete = false;
    try {
      const { emitted, listed } = yield* this.#fill(map);
      const version = map.commit();
      isComplete = true;
      if (keeps) {
        states.put(node, partition, { map, version, emitted, listed });
        this.#context.onCached(node, partition);
      } else {
        const values = recordVersion(map, emitted);
        yield { kind: "values", values, from: 0, to: values.length };
      }
    } finally {
      if (!isComplete) map.rollback();
    }
  }

  /** The map of the version before, or a new one. */
  #map(): StateMap {
    const { partition, rule, from } = this.#input;
    const { states, hashSeed } = this.#context.environment;
    if (from.kind === "version") {
      const previous = states.get(from.node, partition);
      if (previous === undefined) throw new CacheMiss(from.node, partition);
      const { map, version } = previous;
      // Somebody else has built on that version already: this one goes its own way.
      return map.isOlder(version) ? map.copyOf(version) : map;
    }
    const { ordersByTime, keepsKeys } = findRule(rule.name);
    return new StateMap({ seed: hashSeed, ordersByTime: ordersByTime(rule.params), keepsKeys });
  }

  *#fill(map: StateMap): Work<Pick<StateUpdate, "emitted" | "listed">> {
    const { from, updates, rule } = this.#input;
    if (from.kind === "snapshot") {
      const loader = new SnapshotLoader(map);
      yield* this.#chunks(from.input, chunk => {
        const parts: unknown[] = [];
        appendRecords(chunk, parts);
        for (const part of parts) loader.add(part);
      });
      map.sortByTime();
      return { emitted: [], listed: undefined };
    }
    if (from.kind === "recorded") {
      yield* this.#chunks(from.input, chunk => loadRecords(chunk, map));
      map.sortByTime();
    }
    if (from.kind === "pairs") {
      yield* this.#pairs(from.input, (key, state) => {
        if (map.find(key) < 0) map.insert(key, state, rule.params.timeMs);
      });
    }
    const functions = rule.functions.map(fn => functionAt(this.#context.functions, fn));
    const update = findRule(rule.name).start(map, functions, rule.params);
    for (const [i, accept] of update.accept.entries()) {
      const part = updates[i];
      if (part !== undefined) yield* this.#pairs(part, accept);
    }
    while (!this.#blaming(update.finish)) yield EMPTY_CHUNK;
    return update;
  }

  /** Hands the pairs of an input over, in one loop with the steps at its end. */
  *#pairs(input: TaskInput, accept: Accept): Work {
    const { functions } = this.#context;
    const { fused, rest } = splitTail(input);
    const loop = fusedLoop<AcceptState>(fusedSteps(fused, functions), "accept");
    const state: AcceptState = { at: -1, accept };
    yield* this.#chunks(rest, chunk => {
      try {
        loop(chunk, state);
      } catch (error) {
        const at = state.at;
        throw blame(at < 0 ? this.#operation : stepFunction(fused, functions, at), error);
      }
    });
  }

  *#chunks(input: TaskInput, take: (chunk: Chunk) => void): Work {
    const source = this.#openInput(input);
    try {
      for (;;) {
        const next = source.next();
        const chunk = next instanceof Promise ? yield next : next;
        if (chunk === undefined || chunk === END) return;
        take(chunk);
        yield EMPTY_CHUNK;
      }
    } finally {
      source.close();
    }
  }

  #blaming<R>(call: () => R): R {
    try {
      return call();
    } catch (error) {
      throw blame(this.#operation, error);
    }
  }

  get #operation(): Operation {
    return this.#input.rule.operation;
  }
}
