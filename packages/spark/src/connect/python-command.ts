import { BRIDGE } from "./bridge.ts";

/** Spark's schema of our rows, as the worker parses it. */
const SCHEMA = JSON.stringify({
  type: "struct",
  fields: [
    ...["p", "k", "s"].map(name => ({ name, type: "integer", nullable: true, metadata: {} })),
    { name: "b", type: "binary", nullable: true, metadata: {} },
  ],
});

/**
 * Evaluates to `(function, schema)`, which is what a stock worker expects of a command. The function's globals
 * need a `__name__`, because newer workers look at the function's module. A worker compiles the bridge once.
 */
const EXPRESSION =
  "(lambda g,c:(exec(c.get(S)or c.setdefault(S,compile(S,'<millrace>','exec')),g)," +
  "g['make'](A,J,__import__('json').loads(V)))[1])" +
  "({'__name__':'__millrace__','__builtins__':__builtins__}," +
  "__import__('sys').__dict__.setdefault('_millrace_code',{}))";

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
  unicode("S"),
  unicode(BRIDGE),
  unicode("J"),
  unicode(SCHEMA),
]);

/**
 * The command of a Python function, written by hand in pickle protocol 3: `eval(expression, globals)` with the
 * bridge's source S, its schema J, the program for Node A and Node's command line V (`{root}` stands for the
 * directory of the session's files).
 */
export function pythonCommand(program: Uint8Array, argv: readonly string[]): Uint8Array {
  const tail = [unicode("A"), binary(program), unicode("V"), unicode(JSON.stringify(argv))];
  return Buffer.concat([HEAD, ...tail, Buffer.from("u"), Buffer.from([0x86]), Buffer.from("R.")]);
}
