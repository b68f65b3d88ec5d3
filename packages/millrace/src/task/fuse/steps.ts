import type { NarrowKind } from "../../plan/index.ts";

/** The narrow operations that see one record at a time: they fuse into one loop. */
export type FusedKind = Exclude<NarrowKind, "mapPartitions" | "mapPartitionsWithIndex">;

/**
 * The record at this point of the loop, as source text: one variable, or (after `mapValues`, or when read
 * from columns) a key and a value that become an array only if somebody needs one.
 */
export type Current =
  | { readonly form: "record"; readonly value: string }
  | { readonly form: "pair"; readonly key: string; readonly value: string };

/** Collects the text of one loop; operators append to it and say what the current record is now. */
export class LoopWriter {
  readonly #head: string[] = [];
  readonly #tail: string[] = [];
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

  /** The record as one expression. */
  record(current: Current): string {
    return current.form === "record" ? current.value : `[${current.key}, ${current.value}]`;
  }

  /** The record as key and value; complains at run time about anything that is no pair. */
  pair(current: Current): { readonly key: string; readonly value: string } {
    if (current.form === "pair") return current;
    const key = this.name("k");
    const value = this.name("w");
    this.line(`if (!isArray(${current.value})) notAPair(${current.value});`);
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
      if (current.form === "pair") {
        const record = writer.name("v");
        writer.line(`const ${record} = [${current.key}, ${current.value}];`);
        writer.line(`at = ${step}; if (!${fn}(${record})) continue ${writer.label};`);
        return { form: "record", value: record };
      }
      writer.line(`at = ${step}; if (!${fn}(${current.value})) continue ${writer.label};`);
      return current;
    }
    case "mapValues": {
      const pair = writer.pair(current);
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
      const pair = writer.pair(current);
      writeExpansion(writer, `${fn}(${pair.value})`, step);
      const result = writer.name("w");
      writer.line(`const ${result} = ${writer.label}a[${writer.label}i];`);
      return { form: "pair", key: pair.key, value: result };
    }
  }
}

/**
 * A loop over what a user function returned. Arrays are walked as they are; any other iterable, which may
 * be endless, is taken in slices.
 */
function writeExpansion(writer: LoopWriter, call: string, step: number): void {
  const label = writer.name("L");
  const result = writer.name("r");
  writer.line(`at = ${step}; const ${result} = ${call};`);
  writer.line(`const ${label}s = isArray(${result}) ? undefined : slices(${result});`);
  writer.line(`let ${label}a = ${label}s === undefined ? ${result} : ${label}s.next();`);
  writer.open(
    `do {\n${label}: for (let ${label}i = 0; ${label}i < ${label}a.length; ${label}i++) {`,
    `}\n} while (${label}s !== undefined && (${label}a = ${label}s.next()).length > 0);`,
  );
  writer.label = label;
}
