import { PACKED_LENGTH } from "../aggregation-table.ts";
import type { Current, LoopWriter, Piece } from "./steps.ts";

/** What the loop does with a record that came through all steps. */
export type FusedSinkKind =
  | "emit"
  | "count"
  | "take"
  | "reduce"
  | "foreach"
  | "combine"
  | "merge"
  | "scatter"
  | "accept"
  | "columns";

/** How a sink's part of a loop is written: state is taken out of `state` before the loop and put back after. */
export interface SinkText {
  readonly before: string;
  readonly after: string;
  write(writer: LoopWriter, current: Current): void;
}

/**
 * Sinks by kind. User functions are `s0`, `s1`, …:
 * `reduce(s0)`, `foreach(s0)`, `combine(s0 = mergeValue, s1 = create)`, `merge(s0 = mergeCombiners)`.
 * A step number of -1 in `at` means the sink's own function was running.
 */
export const sinkTexts: Record<FusedSinkKind, SinkText> = {
  emit: {
    before: "const out = state.out;",
    after: "",
    write: (writer, current) => writer.line(`out.push(${writer.record(current)});`),
  },
  count: {
    before: "let count = state.count;",
    after: "state.count = count;",
    write: writer => writer.line("count++;"),
  },
  take: {
    before: "const out = state.out, limit = state.limit;",
    after: "",
    write: (writer, current) => {
      writer.line(`out.push(${writer.record(current)});`);
      writer.line("if (out.length >= limit) { full = true; break L0; }");
    },
  },
  reduce: {
    before: "let has = state.has, value = state.value;",
    after: "state.has = has; state.value = value;",
    write: (writer, current) => {
      const record = writer.record(current);
      writer.line(
        `at = -1; if (has) value = s0(value, ${record}); else { value = own(${record}); has = true; }`,
      );
    },
  },
  foreach: {
    before: "const pending = state.pending;",
    after: "",
    write: (writer, current) => {
      writer.line(`at = -1; const result = s0(${writer.record(current)});`);
      writer.line(
        'if (result !== undefined && result !== null && typeof result.then === "function") pending.push(result);',
      );
    },
  },
  combine: tableSink(value => `s1 !== undefined ? created(s1(${value}), ${value}) : own(${value})`),
  merge: tableSink(value => `owned ? ${value} : own(${value})`),
  scatter: {
    before: "const buckets = state.buckets, partitioner = state.partitioner;",
    after: "",
    write: (writer, current) => {
      const { key, value } = writer.pair(current, -1);
      writer.line(`at = -1; const bucket = buckets[partitionOf(partitioner, ${key}, buckets.length)];`);
      writer.line(`bucket.keys.push(${key}); bucket.values.push(${value});`);
    },
  },
  columns: {
    before: "const keys = state.keys, values = state.values;",
    after: "",
    write: (writer, current) => {
      const { key, value } = writer.pair(current, -1);
      writer.line(`keys.push(${key}); values.push(${value});`);
    },
  },
  accept: {
    before: "const accept = state.accept;",
    after: "",
    write: (writer, current) => {
      const { key, value } = writer.pair(current, -1);
      writer.line(`at = -1; accept(${key}, ${value});`);
    },
  },
};

/**
 * Aggregation by key. The string paths are written out in the loop. Short strings of one-byte characters are
 * read once, into three numbers which are the string: neither the key of the entry nor its memory is touched.
 * Of others the hash is computed once and compared before the characters are. Values are updated in place.
 *
 * `s0` may change its first argument, and so the first value of a key is made the table's own: others may
 * read the record again (a persisted partition, the block of a shuffle, a collection of the program).
 */
function tableSink(create: (value: string) => string): SinkText {
  return {
    before: [
      "const table = state.table, keys = table.keys, values = table.values, seed = table.seed, owned = state.owned;",
      "let packed = table.packed, packedMask = table.packedMask, slots = table.slots, mask = table.mask;",
    ].join("\n"),
    after: "",
    write: (writer, current) => {
      if (current.form === "piece") {
        writer.line(`at = -1;\n{\n${probe(current.piece, current.value, create(current.value))}\n}`);
        return;
      }
      const { key, value } = writer.pair(current, -1);
      const piece: Piece = {
        length: `${key}.length`,
        code: at => `${key}.charCodeAt(${at})`,
        text: key,
        isOneByte: false,
      };
      writer.line(`at = -1;
if (typeof ${key} === "string") {
${probe(piece, value, create(value))}
} else {
  const entry = table.findOther(${key});
  if (entry >= 0) values[entry] = s0(values[entry], ${value});
  else table.insertOther(${key}, ${create(value)});
}`);
    },
  };
}

/** Finds a text in the table and updates its value, or puts it there. */
function probe({ length, code, text, isOneByte }: Piece, value: string, created: string): string {
  // The step of the loop over the characters that fill one of the three numbers.
  const pack = (into: string) =>
    `code = ${code("j")}; ${isOneByte ? "" : "wide |= code; "}${into} = ${into} << 8 | code;`;
  return `const length = ${length};
let a = 0, b = 0, c = length, wide = length > ${PACKED_LENGTH} ? 256 : 0;
if (wide === 0) {
  let j = 0, end = length < 4 ? length : 4, code;
  for (; j < end; j++) { ${pack("a")} }
  end = length < 8 ? length : 8;
  for (; j < end; j++) { ${pack("b")} }
  for (; j < length; j++) { ${pack("c")} }
}
if (wide < 256) {
  let slot = (packedHash(seed, a, b, c) << 2) & packedMask, entry = packed[slot + 3];
  while (entry !== 0 && (packed[slot] !== a || packed[slot + 1] !== b || packed[slot + 2] !== c)) { slot = (slot + 4) & packedMask; entry = packed[slot + 3]; }
  if (entry !== 0) values[entry - 1] = s0(values[entry - 1], ${value});
  else { table.insertPacked(table.knownText(a, b, c) ?? ${text}, a, b, c, slot, ${created}); packed = table.packed; packedMask = table.packedMask; }
} else {
  const key = ${text};
  let h = seed;
  for (let j = 0; j < length; j++) h = Math.imul(h ^ key.charCodeAt(j), 0x9e3779b1);
  h ^= h >>> 15;
  let slot = (h << 1) & mask, entry = slots[slot];
  while (entry !== 0 && (slots[slot + 1] !== h || keys[entry - 1] !== key)) { slot = (slot + 2) & mask; entry = slots[slot]; }
  if (entry !== 0) values[entry - 1] = s0(values[entry - 1], ${value});
  else { table.insertHashed(key, h, slot, ${created}); slots = table.slots; mask = table.mask; }
}`;
}
