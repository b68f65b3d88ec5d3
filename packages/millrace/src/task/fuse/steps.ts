import type { NarrowKind } from "../../plan/index.ts";

/** The narrow operations that see one record at a time: they fuse into one loop. */
export type FusedKind = Exclude<NarrowKind, "mapPartitions" | "mapPartitionsWithIndex">;

/**
 * The record at this point of the loop, as source text: one variable; or (after `mapValues`, or when read
 * from columns) a key and a value that become an array only if somebody needs one; or a piece of a text and a value.
 */
export type Current =
  | { readonly form: "record"; readonly value: string }
  | { readonly form: "pair"; readonly key: string; readonly value: string }
  | { readonly form: "piece"; readonly piece: Piece; readonly value: string };

/** A part of a text which becomes a string only where one is needed. */
export interface Piece {
  readonly length: string;
  /** The code of the character at a position. */
  readonly code: (at: string) => string;
  /** Makes the string. */
  readonly text: string;
  /** Whether all characters are known to be of one byte. */
  readonly isOneByte: boolean;
}

/** Collects the text of one loop; operators append to it and say what the current record is now. */
export class LoopWriter {
  readonly #head: string[] = [];
  readonly #tail: string[] = [];
  readonly #slices: string[] = [];
  #names = 0;
  /** Label of the innermost loop: `continue` on it skips the current record. */
  label = "L0";

  name(prefix: string): string {
    this.#names += 1;
    return `${prefix}${this.#names}`;
  }

  line(text: string): void {
    this.#head.push(text);
  }

  /** Opens a block whose `closing` text comes after everything that follows. */
  open(opening: string, closing: string): void {
    this.#head.push(opening);
    this.#tail.push(closing);
  }

  /** A variable of the whole loop for an iterable that is taken in slices; closed when the loop is left. */
  slices(label: string): string {
    const name = `${label}s`;
    this.#slices.push(name);
    return name;
  }

  /** Declares those variables: before the loop. */
  declarations(): string {
    return this.#slices.map(name => `let ${name};`).join(" ");
  }

  /** Tells iterables that were left before their end, as `for … of` does; the outermost last. */
  closings(): string {
    return this.#slices
      .toReversed()
      .map(name => `if (${name} !== undefined) ${name}.close();`)
      .join(" ");
  }

  /** The record as one expression. */
  record(current: Current): string {
    if (current.form === "record") return current.value;
    return `[${current.form === "pair" ? current.key : current.piece.text}, ${current.value}]`;
  }

  /**
   * The record as key and value; complains at run time about anything that is no pair, in the name of
   * `step`, which needs one.
   */
  pair(current: Current, step: number): { readonly key: string; readonly value: string } {
    if (current.form === "pair") return current;
    const key = this.name("k");
    if (current.form === "piece") {
      this.line(`const ${key} = ${current.piece.text};`);
      return { key, value: current.value };
    }
    const value = this.name("w");
    this.line(`at = ${step}; if (!isArray(${current.value})) notAPair(${current.value});`);
    this.line(`const ${key} = ${current.value}[0], ${value} = ${current.value}[1];`);
    return { key, value };
  }

  text(): string {
    return [...this.#head, ...this.#tail.toReversed()].join("\n");
  }
}

/** Appends one fused operator; `fn` is the variable that holds its function, `step` its position. */
export function writeStep(
  writer: LoopWriter,
  kind: FusedKind,
  fn: string,
  step: number,
  current: Current,
): Current {
  switch (kind) {
    case "map": {
      const result = writer.name("v");
      const argument = writer.record(current);
      writer.line(`at = ${step}; const ${result} = ${fn}(${argument});`);
      return { form: "record", value: result };
    }
    case "filter": {
      if (current.form !== "record") {
        const record = writer.name("v");
        writer.line(`const ${record} = ${writer.record(current)};`);
        writer.line(`at = ${step}; if (!${fn}(${record})) continue ${writer.label};`);
        return { form: "record", value: record };
      }
      writer.line(`at = ${step}; if (!${fn}(${current.value})) continue ${writer.label};`);
      return current;
    }
    case "mapValues": {
      const pair = writer.pair(current, step);
      const result = writer.name("w");
      writer.line(`at = ${step}; const ${result} = ${fn}(${pair.value});`);
      return { form: "pair", key: pair.key, value: result };
    }
    case "flatMap": {
      writeExpansion(writer, `${fn}(${writer.record(current)})`, step);
      const result = writer.name("v");
      writer.line(`const ${result} = ${writer.label}a[${writer.label}i];`);
      return { form: "record", value: result };
    }
    case "flatMapValues": {
      const pair = writer.pair(current, step);
      writeExpansion(writer, `${fn}(${pair.value})`, step);
      const result = writer.name("w");
      writer.line(`const ${result} = ${writer.label}a[${writer.label}i];`);
      return { form: "pair", key: pair.key, value: result };
    }
  }
}

/**
 * `flatMap(text => text.split(separator))` of a record that is known to be a string: the pieces that `split`
 * would put into an array, one by one.
 */
export function writeSplit(writer: LoopWriter, separator: string, text: string): Current {
  const piece = writer.name("v");
  writer.line(`const ${piece} = ${writePieces(writer, separator, text).text};`);
  return { form: "record", value: piece };
}

/** The same with `map(piece => [piece, value])` behind it: the pieces need not become strings. */
export function writeSplitPairs(writer: LoopWriter, separator: string, text: string, value: string): Current {
  return { form: "piece", piece: writePieces(writer, separator, text), value };
}

function writePieces(writer: LoopWriter, separator: string, text: string): Piece {
  const label = writer.name("L");
  const [start, to, next] = [`${label}start`, `${label}to`, `${label}next`];
  writer.line(`let ${start} = 0, ${to} = 0, ${next} = 0; const ${label}end = ${text}.length;`);
  writer.open(`${label}: do {`, `} while (${next} <= ${label}end);`);
  writer.line(`${start} = ${next}; ${to} = ${text}.indexOf(${JSON.stringify(separator)}, ${start});`);
  writer.line(`if (${to} < 0) ${to} = ${label}end;`);
  writer.line(`${next} = ${to} + 1;`);
  writer.label = label;
  return {
    length: `${to} - ${start}`,
    code: at => `${text}.charCodeAt(${start} + ${at})`,
    text: `${text}.substring(${start}, ${to})`,
    isOneByte: false,
  };
}

/** The same of a text that is still bytes, one a character: from `bytes[from]` up to `bytes[to]`. */
export function writeBytePairs(
  writer: LoopWriter,
  separator: string,
  { from, to }: { readonly from: string; readonly to: string },
  value: string,
): Current {
  const label = writer.name("L");
  const [start, stop, next] = [`${label}start`, `${label}stop`, `${label}next`];
  writer.line(`let ${start} = 0, ${stop} = 0, ${next} = ${from};`);
  writer.open(`${label}: do {`, `} while (${next} <= ${to});`);
  writer.line(`${start} = ${next}; ${stop} = ${start};`);
  writer.line(`while (${stop} < ${to} && bytes[${stop}] !== ${separator.charCodeAt(0)}) ${stop}++;`);
  writer.line(`${next} = ${stop} + 1;`);
  writer.label = label;
  const piece: Piece = {
    length: `${stop} - ${start}`,
    code: at => `bytes[${start} + ${at}]`,
    text: `bytes.latin1Slice(${start}, ${stop})`,
    isOneByte: true,
  };
  return { form: "piece", piece, value };
}

/**
 * A loop over what a user function returned. Arrays are walked as they are; any other iterable, which may
 * be endless, is taken in slices.
 */
function writeExpansion(writer: LoopWriter, call: string, step: number): void {
  const label = writer.name("L");
  const result = writer.name("r");
  const rest = writer.slices(label);
  writer.line(`at = ${step}; const ${result} = ${call};`);
  writer.line(`${rest} = isArray(${result}) ? undefined : slices(${result});`);
  writer.line(`let ${label}a = ${rest} === undefined ? ${result} : ${rest}.next();`);
  writer.open(
    `do {\n${label}: for (let ${label}i = 0; ${label}i < ${label}a.length; ${label}i++) {`,
    `}\n} while (${rest} !== undefined && (at = ${step}, ${label}a = ${rest}.next()).length > 0);`,
  );
  writer.label = label;
}
