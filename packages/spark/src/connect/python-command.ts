import { createHash } from "node:crypto";
import { BRIDGE } from "./bridge.ts";

/** Spark's schema of our rows, as the worker parses it. */
const SCHEMA = JSON.stringify({
  type: "struct",
  fields: [
    ...["p", "k", "s"].map(name => ({ name, type: "integer", nullable: true, metadata: {} })),
    { name: "b", type: "binary", nullable: true, metadata: {} },
  ],
});

/** Where a worker keeps what the bridge defines; another version of it has another name. */
const NAME = `_millrace_${createHash("sha256").update(BRIDGE).digest("hex").slice(0, 16)}`;

/**
 * Evaluates to `(function, schema)`, which is what a stock worker expects of a command. A worker runs the bridge once.
 * The function's globals need a `__name__`, because newer workers look at the function's module.
 */
const EXPRESSION =
  "(N.get(K)or exec(compile(S,'<millrace>','exec'),{'__name__':'__millrace__','K':K})or N[K])(A,J,V)";

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function unicode(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from("X"), u32(bytes.length), bytes]);
}

function binary(bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from("B"), u32(bytes.length), bytes]);
}

const HEAD = Buffer.concat([
  Buffer.from([0x80, 3]),
  Buffer.from("cbuiltins\neval\n"),
  unicode(EXPRESSION),
  Buffer.from("}("),
  unicode("N"),
  Buffer.from("csys\n__dict__\n"),
  unicode("K"),
  unicode(NAME),
  unicode("S"),
  unicode(BRIDGE),
  unicode("J"),
  unicode(SCHEMA),
]);

/**
 * The command of a Python function, written by hand in pickle protocol 3: `eval(expression, globals)` with the
 * dictionary N of `sys`, the bridge's source S, its name K there, its schema J, the program for Node A and Node's
 * command line V (`{root}` stands for the directory of the session's files).
 */
export function pythonCommand(program: Uint8Array, argv: readonly string[]): Uint8Array {
  const command = [Buffer.from("]("), ...argv.map(unicode), Buffer.from("e")];
  const tail = [unicode("A"), binary(program), unicode("V"), ...command];
  return Buffer.concat([HEAD, ...tail, Buffer.from("u"), Buffer.from([0x86]), Buffer.from("R.")]);
}
