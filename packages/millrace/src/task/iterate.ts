import { millraceError } from "../common/errors/index.ts";
import type { Chunk, ChunkSource } from "./chunk.ts";

/** Adds the records of a chunk to `target`. */
export function appendRecords(chunk: Chunk, target: unknown[]): void {
  switch (chunk.kind) {
    case "values":
      for (let i = chunk.from; i < chunk.to; i++) target.push(chunk.values[i]);
      return;
    case "pairs":
      for (let i = chunk.from; i < chunk.to; i++) target.push([chunk.keys[i], chunk.values[i]]);
      return;
    case "range":
      for (let i = chunk.from; i < chunk.to; i++) target.push(chunk.start + i * chunk.step);
      return;
    case "texts": {
      let end = chunk.start;
      for (let i = chunk.from; i < chunk.to; i++) {
        const start = end;
        end += chunk.lengths[i] as number;
        target.push(chunk.bytes.toString("latin1", start, end));
      }
      return;
    }
    case "lines": {
      const text = chunk.bytes.toString(chunk.isAscii ? "latin1" : "utf8", chunk.from, chunk.to);
      const lines = text.split("\n");
      if (text.endsWith("\n")) lines.pop();
      for (const line of lines) target.push(line);
    }
  }
}

/** The records of a source as a user's partition function sees them: pulled, never all in memory. */
export function* iterate(source: ChunkSource): Generator<unknown, void, undefined> {
  for (;;) {
    const chunk = source.next();
    if (chunk === undefined) return;
    if (chunk instanceof Promise) {
      throw millraceError(
        "MR_BAD_ARGUMENT",
        "a partition function that is not declared async answered with a promise, and another one reads its result",
        { hint: "Declare the function as async (or async function*)." },
      );
    }
    if (chunk.kind === "values") {
      const { values, to } = chunk;
      for (let i = chunk.from; i < to; i++) yield values[i];
    } else {
      const records: unknown[] = [];
      appendRecords(chunk, records);
      yield* records;
    }
  }
}

/** All records, for functions that must see them at once although they arrive later. */
export async function drain(source: ChunkSource): Promise<unknown[]> {
  const records: unknown[] = [];
  for (;;) {
    const next = source.next();
    const chunk = next instanceof Promise ? await next : next;
    if (chunk === undefined) return records;
    appendRecords(chunk, records);
  }
}
