import { millraceError } from "../../common/errors/index.ts";
import { StorageLevel } from "../../plan/index.ts";
import type { BlockMetadata } from "./received-block.ts";
import type { ReceiverSupervisor } from "./receiver-supervisor.ts";
import type { Lines } from "./text-lines.ts";

let attach: <T>(receiver: Receiver<T>, supervisor: ReceiverSupervisor<T>) => void;

/**
 * Takes data from outside into a stream: extend it, start what receives in `onStart`, end it in `onStop`,
 * and hand records over with `store`. Receivers run on the driver's event loop and need no slot of their
 * own, so `onStart` must not block: it may be an `async` function that runs as long as the receiver does.
 * One that stops or fails is started again, the same object, after `spark.streaming.receiverRestartDelay`.
 *
 * ```ts
 * import { Milliseconds, Receiver, StreamingContext } from "millrace";
 * import assert from "node:assert";
 * class Countdown extends Receiver<number> {
 *   override onStart() {
 *     for (const n of [3, 2, 1]) void this.store(n);
 *   }
 *   override onStop() {}
 * }
 * const ssc = new StreamingContext("local", "countdown", Milliseconds(50));
 * const seen: number[] = [];
 * const done = Promise.withResolvers<void>();
 * ssc.conf.set("spark.streaming.blockInterval", "10ms");
 * ssc.receiverStream(new Countdown()).foreachRDD(async rdd => {
 *   seen.push(...(await rdd.collect()));
 *   if (seen.length >= 3) done.resolve();
 * });
 * await ssc.start();
 * await done.promise;
 * await ssc.stop();
 * assert.deepEqual(seen, [3, 2, 1]);
 * ```
 */
export abstract class Receiver<T> {
  /** How what it stores is kept. */
  readonly storageLevel: StorageLevel;
  #supervisor: ReceiverSupervisor<T> | undefined;

  static {
    attach = (receiver, supervisor) => {
      receiver.#supervisor = supervisor;
    };
  }

  /** @param storageLevel how what it stores is kept; default `MEMORY_AND_DISK_SER_2` */
  constructor(storageLevel: StorageLevel = StorageLevel.MEMORY_AND_DISK_SER_2) {
    this.storageLevel = storageLevel;
  }

  /** Begins to receive; must not block. What it throws stops the receiver, which is then started again. */
  abstract onStart(): void | Promise<void>;

  /** Ends receiving and releases what `onStart` took. */
  abstract onStop(): void | Promise<void>;

  /** The host it would best run on, if any; receivers of this version all run on the driver. */
  get preferredLocation(): string | undefined {
    return undefined;
  }

  /**
   * Stores one record; it joins others in a block. Wait for the promise before storing more: it resolves
   * at once, or later when a rate limit or processing that has fallen behind asks for patience. A record
   * whose promise is not waited for is kept in memory until then. Not safe against a crash: use
   * `storeBlock` and acknowledge after it for that.
   * @throws MR_RECEIVER outside of `onStart` … `onStop`
   */
  store(record: T): Promise<void> {
    return this.#attached().storeRecord(record);
  }

  /**
   * Stores many records as one block, not rate limited; when the promise resolves the block is stored, and
   * the source may be told so.
   * Waits while processing has fallen behind.
   * @param metadata what the input reports for its batch, if anything
   * @throws MR_RECEIVER outside of `onStart` … `onStop`
   * @throws MR_RECEIVER_STORE when there is no room for it at the receiver's storage level
   */
  storeBlock(records: Iterable<T>, metadata?: BlockMetadata): Promise<void> {
    return this.#attached().storeBlock(records, metadata);
  }

  /**
   * Stores many records that are bytes already, in the form of `encodeRecords`, as one block: they are decoded
   * where they are processed, so nobody knows how many they are. Otherwise as `storeBlock`.
   * @throws MR_RECEIVER outside of `onStart` … `onStop`
   * @throws MR_RECEIVER_STORE when there is no room for them at the receiver's storage level
   */
  storeBytes(bytes: Uint8Array, metadata?: BlockMetadata): Promise<void> {
    return this.#attached().storeBytes(bytes, metadata);
  }

  /**
   * Stores whole lines of UTF-8 text as they are, to be decoded where they are processed: what `store` is
   * for records. The bytes are copied. Cut a byte stream with `TextLines`.
   * @throws MR_RECEIVER outside of `onStart` … `onStop`
   */
  storeLines(this: Receiver<string>, lines: Lines): Promise<void> {
    return this.#attached().storeLines(lines);
  }

  /** Resolves when the next `store` need not wait; `undefined` when it need not wait now. */
  whenReady(): Promise<void> | undefined {
    return this.#attached().whenReady();
  }

  /** Reports an error to the log and to listeners; the receiver goes on. */
  reportError(message: string, error?: unknown): void {
    this.#attached().reportError(message, error);
  }

  /**
   * Stops the receiver and starts it again, both soon but not now.
   * @param delayMs milliseconds between; default `spark.streaming.receiverRestartDelay`, 2000
   */
  restart(message: string, error?: unknown, delayMs?: number): void {
    this.#attached().restart(message, error, delayMs);
  }

  /** Stops the receiver. As long as the context runs its tracker starts it again later. */
  stop(message: string, error?: unknown): void {
    void this.#attached().stop(message, error);
  }

  /** Whether it has been started and not stopped since. */
  isStarted(): boolean {
    return this.#attached().isReceiverStarted;
  }

  /** Whether it has been stopped and not started since. */
  isStopped(): boolean {
    return this.#attached().isReceiverStopped;
  }

  /**
   * The metadata of the last block that was stored with some and is in the write-ahead log, be it by an earlier
   * run: for a source that can be read again from any position, note the position with every `storeBlock` and
   * go on from here in `onStart`. Then every record is received exactly once. `undefined` without a log.
   */
  get lastMetadata(): Readonly<Record<string, unknown>> | undefined {
    return this.#attached().lastMetadata;
  }

  /** The id of its input stream. */
  get streamId(): number {
    return this.#attached().streamId;
  }

  #attached(): ReceiverSupervisor<T> {
    if (this.#supervisor !== undefined) return this.#supervisor;
    throw millraceError("MR_RECEIVER", "A ReceiverSupervisor has not been attached to the receiver yet", {
      hint: "Call this in onStart() or later, not in the constructor.",
    });
  }
}

/** Gives a receiver the supervisor that its calls go to. */
export { attach as attachSupervisor };
