import { millraceError } from "../../common/errors/index.ts";
import type { Platform } from "../../common/platform/platform.ts";
import type { Chunk, ChunkSource } from "../chunk.ts";
import { decodeBlock } from "../codec/columns.ts";
import { type SequenceSplit, sequenceFileReader } from "../formats/sequence-file/sequence-reader.ts";
import { appendRecords } from "../iterate.ts";

/** What `saveAsObjectFile` wrote: groups of records in the values of a sequence file. */
export const objectFileReader = {
  mayWait: (): boolean => true,
  open(split: SequenceSplit, platform: Platform): ChunkSource {
    const groups = sequenceFileReader.open(split, platform);
    return {
      async next(): Promise<Chunk | undefined> {
        const chunk = await groups.next();
        if (chunk === undefined) return undefined;
        const pairs: unknown[] = [];
        appendRecords(chunk, pairs);
        const values = pairs.flatMap(pair => recordsOf(split.path, (pair as [unknown, unknown])[1]));
        return { kind: "values", values, from: 0, to: values.length };
      },
      close: () => groups.close(),
    };
  },
};

function recordsOf(path: string, value: unknown): unknown[] {
  try {
    // A copy of its own: numbers are read as typed arrays, which begin at multiples of their size.
    const block = decodeBlock({ kind: "encoded", bytes: Uint8Array.from(value as Uint8Array) });
    if (block.kind === "records") return block.records as unknown[];
  } catch {
    // Told below.
  }
  throw millraceError("MR_IO", `${path} holds objects that Millrace did not write`, {
    hint: "Objects that Spark wrote are serialised by Java; write them as text, JSON or plain sequence files there.",
  });
}
