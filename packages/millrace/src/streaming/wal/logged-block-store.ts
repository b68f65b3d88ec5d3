import type { StreamClock } from "../../common/clock/index.ts";
import { millraceError } from "../../common/errors/index.ts";
import type { BlockMemory } from "../receiver/block-memory.ts";
import type { AllocatedBlocks, NewBlock, ReceivedBlock } from "../receiver/received-block.ts";
import type { ReceivedBlockStore } from "../receiver/received-block-store.ts";
import { receivedBlock } from "../receiver/recorded-blocks.ts";
import { decodeLoggedBlock, encodeLoggedBlock, fileBlock } from "./logged-block.ts";
import type { WriteAheadLog } from "./write-ahead-log.ts";

/** What a store works with. */
export interface LoggedBlockStoreOptions {
  /** Opens the log of a stream. */
  readonly openLog: (streamId: number) => Promise<WriteAheadLog>;
  /** Keeps blocks in memory, if there is room. */
  readonly memory: BlockMemory;
  readonly clock: StreamClock;
  /** How long storing a block may take. */
  readonly timeoutMs: number;
}

/** The log of one stream. */
interface StreamLog {
  readonly log: WriteAheadLog;
  lastSequence: number;
  lastMs: number;
  lastMetadata: NewBlock["metadata"];
  /** When the blocks that may be read yet were logged, oldest first. */
  readonly kept: { readonly sequence: number; readonly timeMs: number }[];
}

/**
 * Logs every block before its receiver may acknowledge it, so that what was received outlives the process. In
 * memory blocks are kept too, if their level says so and there is room; else tasks read them from the log.
 */
export class LoggedBlockStore implements ReceivedBlockStore {
  readonly #options: LoggedBlockStoreOptions;
  readonly #streams = new Map<number, StreamLog>();

  constructor(options: LoggedBlockStoreOptions) {
    this.#options = options;
  }

  async open(
    streamIds: readonly number[],
    allocated: ReadonlyMap<number, AllocatedBlocks>,
  ): Promise<readonly ReceivedBlock[]> {
    const found: ReceivedBlock[] = [];
    for (const streamId of streamIds) {
      const log = await this.#options.openLog(streamId);
      const { sequence: through = 0, lastMetadata } = allocated.get(streamId) ?? {};
      let lastSequence = through;
      let metadata = lastMetadata;
      // Blocks that batches of earlier runs have may be read again, until these batches are forgotten.
      const kept: StreamLog["kept"] = [];
      for await (const record of log.readAll()) {
        const block = decodeLoggedBlock(record);
        kept.push({ sequence: block.sequence, timeMs: 0 });
        if (block.sequence <= lastSequence) continue;
        lastSequence = block.sequence;
        metadata = block.metadata ?? metadata;
        found.push(receivedBlock(streamId, block));
      }
      const nowMs = this.#options.clock.now();
      this.#streams.set(streamId, {
        log,
        lastSequence,
        lastMs: nowMs,
        lastMetadata: metadata,
        kept,
      });
    }
    return found;
  }

  async store(block: NewBlock): Promise<ReceivedBlock> {
    const stream = this.#streamOf(block.streamId);
    stream.lastSequence += 1;
    const sequence = stream.lastSequence;
    const timeMs = Math.max(stream.lastMs, this.#options.clock.now());
    stream.lastMs = timeMs;
    stream.kept.push({ sequence, timeMs });
    const { record, startBytes, holds } = encodeLoggedBlock(block, sequence);
    const handle = await this.#inTime(block, stream.log.write(record, timeMs));
    stream.lastMetadata = block.metadata ?? stream.lastMetadata;
    const file = fileBlock(handle, startBytes, holds);
    const { memory } = this.#options;
    const kept = memory.asKept(block.block);
    const isInMemory = block.storageLevel.useMemory && memory.keep(kept);
    return { ...block, block: isInMemory ? kept : file, logged: { sequence, file } };
  }

  lastMetadata(streamId: number): NewBlock["metadata"] {
    return this.#streams.get(streamId)?.lastMetadata;
  }

  forget(_thresholdMs: number, blocks: readonly ReceivedBlock[]): void {
    for (const { streamId, block, logged } of blocks) {
      this.#options.memory.release(block);
      const stream = this.#streams.get(streamId);
      if (stream === undefined || logged === undefined) continue;
      // Blocks are given to batches in the order they were logged in.
      while ((stream.kept[0]?.sequence ?? Number.POSITIVE_INFINITY) <= logged.sequence) stream.kept.shift();
    }
    for (const { log, kept, lastMs } of this.#streams.values()) {
      // A file that could not be removed is found, and cleaned, by the next run.
      void log.clean(kept[0]?.timeMs ?? lastMs).catch(() => {});
    }
  }

  async close(): Promise<void> {
    for (const { log } of this.#streams.values()) await log.close();
    this.#streams.clear();
  }

  #streamOf(streamId: number): StreamLog {
    const stream = this.#streams.get(streamId);
    if (stream !== undefined) return stream;
    throw millraceError("MR_INTERNAL", `The log of stream ${streamId} is not open`);
  }

  async #inTime<T>({ id }: NewBlock, writing: Promise<T>): Promise<T> {
    const { clock, timeoutMs } = this.#options;
    const late = Promise.withResolvers<never>();
    const timer = clock.schedule(clock.now() + timeoutMs, () =>
      late.reject(
        millraceError("MR_RECEIVER_STORE", `Could not store ${id} in the write ahead log in ${timeoutMs} ms`),
      ),
    );
    try {
      return await Promise.race([writing, late.promise]);
    } catch (cause) {
      throw millraceError("MR_RECEIVER_STORE", `Could not store ${id} in the write ahead log`, { cause });
    } finally {
      timer.cancel();
    }
  }
}
