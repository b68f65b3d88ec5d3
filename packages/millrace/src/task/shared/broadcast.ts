import { registerHandleKind } from "../../closure/index.ts";
import { millraceError } from "../../common/errors/index.ts";
import { decodeBlock, encodeBlock } from "../codec/columns.ts";
import type { EncodedBlock } from "../shuffle-block.ts";
import { isPlainData } from "./plain-data.ts";

/** What this thread has of a broadcast value: the value, or the bytes it is made of when it is first wanted. */
interface Holding {
  value?: { readonly it: unknown };
  /** On the driver: made when the variable first travels; `undefined` for what only the closure layer can carry. */
  encoded?: EncodedBlock | undefined;
}

/** What this thread holds, by key; on the driver only until the program lets go of the variable. */
const holdings = new Map<string, Holding>();
let lastId = 0;

/**
 * A value that tasks read: shipped once to each worker however many functions use it, as bytes in memory that
 * threads share. Made by `sc.broadcast`; functions capture the variable and read `value`.
 *
 * It does not survive a recovery from a checkpoint: make it again when it is missing, for example with a
 * lazily created single instance.
 *
 * ```ts
 * import assert from "node:assert";
 * import { type Broadcast, SparkContext } from "millrace";
 * let excluded: Broadcast<Set<string>> | undefined;
 * const excludedWords = (sc: SparkContext) => (excluded ??= sc.broadcast(new Set(["a", "the"])));
 * const sc = new SparkContext("local", "broadcast");
 * const words = excludedWords(sc);
 * const left = sc.parallelize(["the", "cat"]).filter(word => !words.value.has(word));
 * assert.deepEqual(await left.collect(), ["cat"]);
 * await sc.stop();
 * ```
 */
export class Broadcast<T> {
  /** Counts up from 1. */
  readonly id: number;
  readonly #key: string;
  readonly #release: ReleaseBroadcast | undefined;

  /** Broadcast variables come from `sc.broadcast`. `release` is absent where tasks run. */
  constructor(id: number, key: string, release?: ReleaseBroadcast) {
    this.id = id;
    this.#key = key;
    this.#release = release;
  }

  /** The value. @throws MR_BROADCAST_DESTROYED after `destroy` */
  get value(): T {
    const holding = this.#holding();
    holding.value ??= { it: decode(holding.encoded) };
    return holding.value.it as T;
  }

  /**
   * Frees the workers' copies; they are made again when a task reads the value. `blocking` is there for Spark's
   * sake: a worker hears of it before its next task in any case.
   *
   * @throws MR_BROADCAST_DESTROYED after `destroy`
   */
  unpersist(_blocking = false): void {
    this.#holding();
    this.#release?.(this.#key, "unpersist");
  }

  /** Frees everything; the variable cannot be used any more. @throws MR_BROADCAST_DESTROYED the second time */
  destroy(): void {
    this.#holding();
    holdings.delete(this.#key);
    this.#release?.(this.#key, "destroy");
  }

  /** `Broadcast(3)`. */
  toString(): string {
    return `Broadcast(${this.id})`;
  }

  #holding(): Holding {
    const holding = holdings.get(this.#key);
    if (holding !== undefined) return holding;
    throw millraceError(
      "MR_BROADCAST_DESTROYED",
      `Attempted to use Broadcast(${this.id}) after it was destroyed`,
    );
  }

  static {
    registerHandleKind<Broadcast<unknown>, TravellingBroadcast>("broadcast", {
      isInstance: value => value instanceof Broadcast,
      toData(broadcast) {
        const identity = { id: broadcast.id, key: broadcast.#key };
        const bytes = bytesOf(broadcast.#holding());
        return bytes === undefined ? { ...identity, value: broadcast.value } : { ...identity, bytes };
      },
      revive(data) {
        const { id, key } = data;
        if (!holdings.has(key)) {
          holdings.set(
            key,
            "bytes" in data
              ? { encoded: { kind: "encoded", bytes: data.bytes } }
              : { value: { it: data.value } },
          );
        }
        return new Broadcast(id, key);
      },
    });
  }
}

/** What crosses: plain data as shared bytes, decoded when first wanted; anything else as functions capture it. */
type TravellingBroadcast = { readonly id: number; readonly key: string } & (
  | { readonly bytes: Uint8Array }
  | { readonly value: unknown }
);

/** Told when what workers hold of a broadcast variable may go. */
export type ReleaseBroadcast = (key: string, kind: "unpersist" | "destroy") => void;

const collected = new FinalizationRegistry<{ readonly key: string; readonly release: ReleaseBroadcast }>(
  ({ key, release }) => {
    if (holdings.delete(key)) release(key, "destroy");
  },
);

/**
 * A broadcast variable of the driver; one that the program lets go of is released as if it were destroyed.
 * `origin` tells drivers apart that share an executor.
 */
export function createBroadcast<T>(value: T, origin: string, release: ReleaseBroadcast): Broadcast<T> {
  lastId += 1;
  const key = `${origin}-${lastId}`;
  holdings.set(key, { value: { it: value } });
  const broadcast = new Broadcast<T>(lastId, key, release);
  collected.register(broadcast, { key, release });
  return broadcast;
}

/** The same in a worker: the decoded value goes, and after `destroy` its bytes. */
export const releaseBroadcast: ReleaseBroadcast = (key, kind) => {
  const holding = holdings.get(key);
  if (kind === "destroy") holdings.delete(key);
  else if (holding?.encoded !== undefined) delete holding.value;
};

/** The value as bytes, made once; `undefined` when it is more than data. */
function bytesOf(holding: Holding): Uint8Array | undefined {
  if (!("encoded" in holding)) {
    const it = holding.value?.it;
    holding.encoded = isPlainData(it) ? encodeBlock({ kind: "records", records: [it] }) : undefined;
  }
  return holding.encoded?.bytes;
}

function decode(encoded: EncodedBlock | undefined): unknown {
  const block = encoded === undefined ? undefined : decodeBlock(encoded);
  return block?.kind === "records" ? block.records[0] : undefined;
}
