import type { ChunkKind } from "../chunk.ts";
import { type FusedSinkKind, sinkTexts } from "./sinks.ts";
import {
  type Current,
  type FusedKind,
  LoopWriter,
  writeBytePairs,
  writeSplit,
  writeSplitPairs,
  writeStep,
} from "./steps.ts";

/** A step as the loop's text depends on it. */
export interface StepText {
  readonly kind: FusedKind;
  /** Of a `flatMap` that does nothing but cut a string at this character. */
  readonly separator: string | undefined;
  /** Of a `map` that does nothing but pair what it gets with this number. */
  readonly constant: string | undefined;
}

/** What a loop runs over: a kind of chunk, values that are known to be strings, or lines of one-byte characters. */
export type LoopSource = ChunkKind | "strings" | "oneByteLines";

/** Opens the loop over the records of a chunk, and says what a record is. */
function writeSource(writer: LoopWriter, kind: LoopSource): Current {
  switch (kind) {
    case "values":
    case "strings":
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
    case "texts":
      writer.line("const bytes = chunk.bytes, lengths = chunk.lengths;");
      writer.line("let start = chunk.start;");
      writer.open("L0: for (let i = chunk.from, n = chunk.to; i < n; i++) {", "}");
      writer.line("const v0 = bytes.latin1Slice(start, start + lengths[i]);");
      writer.line("start += lengths[i];");
      return { form: "record", value: "v0" };
    case "oneByteLines":
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

/** Opens the loop over the pieces of texts that are still bytes, each paired with `constant`; no text is decoded. */
function writeBytePieces(
  writer: LoopWriter,
  kind: "texts" | "oneByteLines",
  separator: string,
  constant: string,
): Current {
  writer.line("const bytes = chunk.bytes;");
  if (kind === "texts") {
    writer.line("const lengths = chunk.lengths;");
    writer.line("let from = 0, to = chunk.start;");
    writer.open("L0: for (let i = chunk.from, n = chunk.to; i < n; i++) {", "}");
    writer.line("from = to; to += lengths[i];");
  } else {
    writer.line("const end = chunk.to;");
    writer.line("let from = 0, to = chunk.from - 1;");
    writer.open("L0: while (to + 1 < end) {", "}");
    writer.line("from = to + 1; to = bytes.indexOf(10, from); if (to < 0 || to > end) to = end;");
  }
  return writeBytePairs(writer, separator, { from: "from", to: "to" }, constant);
}

/** As many as there are: no record is looked at, no line decoded. */
function generateCount(source: LoopSource, name: string): string {
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

/** Opens the loop and writes all steps. */
function writeSteps(writer: LoopWriter, source: LoopSource, steps: readonly StepText[]): Current {
  const [first, second] = steps;
  let current: Current;
  let step = 0;
  // A text stays a text as long as steps only choose among texts.
  let isText = source !== "values" && source !== "pairs" && source !== "range";
  if (
    (source === "texts" || source === "oneByteLines") &&
    first?.separator !== undefined &&
    second?.constant !== undefined
  ) {
    current = writeBytePieces(writer, source, first.separator, second.constant);
    isText = false;
    step = 2;
  } else current = writeSource(writer, source);
  while (step < steps.length) {
    const { kind, separator } = steps[step] as StepText;
    const constant = steps[step + 1]?.constant;
    if (!isText || separator === undefined) {
      current = writeStep(writer, kind, `f${step}`, step, current);
    } else if (constant === undefined) {
      current = writeSplit(writer, separator, writer.record(current));
    } else {
      current = writeSplitPairs(writer, separator, writer.record(current), constant);
      step += 1;
    }
    isText &&= kind === "filter";
    step += 1;
  }
  return current;
}

/**
 * The source text of a factory for one fused loop. Called with the functions of the steps and of the sink
 * and with the run-time helpers it returns `loop(chunk, state)`, which answers whether it wants no more.
 * `state.at` names the step that was running when something was thrown.
 */
export function generateLoop(
  source: LoopSource,
  steps: readonly StepText[],
  sink: FusedSinkKind,
  name: string,
): string {
  if (sink === "count" && steps.length === 0) return generateCount(source, name);
  const text = sinkTexts[sink];
  const writer = new LoopWriter();
  const current = writeSteps(writer, source, steps);
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
