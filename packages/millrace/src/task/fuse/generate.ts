import type { ChunkKind } from "../chunk.ts";
import { type FusedSinkKind, sinkTexts } from "./sinks.ts";
import { type Current, type FusedKind, LoopWriter, writeSplit, writeStep } from "./steps.ts";

/** A step as the loop's text depends on it. */
export interface StepText {
  readonly kind: FusedKind;
  /** Of a `flatMap` that does nothing but cut a string at this character. */
  readonly separator: string | undefined;
}

/** Opens the loop over the records of a chunk, and says what a record is. */
function writeSource(writer: LoopWriter, kind: ChunkKind): Current {
  switch (kind) {
    case "values":
      writer.line("const source = chunk.values;");
      writer.open("L0: for (let i = chunk.from, n = chunk.to; i < n; i++) {", "}");
      writer.line("const v0 = source[i];");
      return { form: "record", value: "v0" };
    case "pairs":
      writer.line("const sourceKeys = chunk.keys, sourceValues = chunk.values;");
      writer.open("L0: for (let i = chunk.from, n = chunk.to; i < n; i++) {", "}");
      writer.line("const k0 = sourceKeys[i], w0 = sourceValues[i];");
      return { form: "pair", key: "k0", value: "w0" };
    case "range":
      writer.line("const start = chunk.start, step = chunk.step;");
      writer.open("L0: for (let i = chunk.from, n = chunk.to; i < n; i++) {", "}");
      writer.line("const v0 = start + i * step;");
      return { form: "record", value: "v0" };
    case "lines":
      writer.line("const bytes = chunk.bytes, end = chunk.to, isAscii = chunk.isAscii;");
      writer.line("let from = chunk.from;");
      writer.open("L0: while (from < end) {", "}");
      writer.line("let to = bytes.indexOf(10, from); if (to < 0 || to > end) to = end;");
      writer.line("const v0 = isAscii ? bytes.latin1Slice(from, to) : bytes.utf8Slice(from, to);");
      writer.line("from = to + 1;");
      return { form: "record", value: "v0" };
  }
}

/** As many as there are: no record is looked at, no line decoded. */
function generateCount(source: ChunkKind, name: string): string {
  const count =
    source === "lines" ? "countLines(chunk.bytes, chunk.from, chunk.to)" : "chunk.to - chunk.from";
  return `"use strict";
const { countLines } = helpers;
return function ${name}(chunk, state) {
state.count += ${count};
return false;
};
//# sourceURL=millrace:${name}`;
}

/**
 * The source text of a factory for one fused loop. Called with the functions of the steps and of the sink
 * and with the run-time helpers it returns `loop(chunk, state)`, which answers whether it wants no more.
 * `state.at` names the step that was running when something was thrown.
 */
export function generateLoop(
  source: ChunkKind,
  steps: readonly StepText[],
  sink: FusedSinkKind,
  name: string,
): string {
  if (sink === "count" && steps.length === 0) return generateCount(source, name);
  const text = sinkTexts[sink];
  const writer = new LoopWriter();
  let current = writeSource(writer, source);
  // A line stays a line as long as steps only choose among lines.
  let isLine = source === "lines";
  steps.forEach(({ kind, separator }, step) => {
    current =
      isLine && separator !== undefined
        ? writeSplit(writer, separator, writer.record(current))
        : writeStep(writer, kind, `f${step}`, step, current);
    isLine &&= kind === "filter";
  });
  text.write(writer, current);
  const functions = steps.map((_, step) => `const f${step} = functions[${step}];`).join("\n");
  return `"use strict";
const { isArray, slices, notAPair, own, created, partitionOf, packedHash } = helpers;
${functions}
const s0 = sinkFunctions[0], s1 = sinkFunctions[1];
return function ${name}(chunk, state) {
let at = -1, full = false;
${text.before}
${writer.declarations()}
try {
${writer.text()}
} catch (error) {
state.at = at;
throw error;
} finally {
${text.after}
${writer.closings()}
}
return full;
};
//# sourceURL=millrace:${name}`;
}
