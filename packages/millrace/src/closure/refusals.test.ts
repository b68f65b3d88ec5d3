import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { readFileSync } from "node:fs";
import { Socket } from "node:net";
import { Readable } from "node:stream";
import { test } from "node:test";
import { MillraceError } from "../common/errors/index.ts";
import { type AnyFunction, checkClosure, shipClosure, unshippable } from "./index.ts";

class Context {
  readonly label = "context";
  static {
    Object.defineProperty(Context.prototype, unshippable, {
      value: { what: "a Context", advice: "Leave it at home." },
    });
  }
  mapping(): AnyFunction {
    return () => this.label;
  }
}
class Secret {
  readonly #key = 7;
  reading(): AnyFunction {
    return () => this.#key;
  }
}
class Heir extends Secret {}
class Pool extends EventEmitter {}

const config = { deep: { socket: new Socket() } };
const helper = () => config.deep.socket;
const list = [1, [new Promise<void>(() => undefined)]];
const table = new Map([["key", new WeakMap()]]);
const context = new Context();
const secret = new Secret();
const heir = new Heir();
const pool = new Pool();
const stream = Readable.from([]);
const timer = setTimeout(() => undefined, 0);
clearTimeout(timer);
const generator = (function* () {
  yield 1;
})();
const entries = new Map().entries();
const iterator = [1].values();
const unique = Symbol("unique");
const bound = helper.bind(undefined);
const usesBound = () => bound();
const signal = new AbortController().signal;
const search = new URLSearchParams();
const proxy = new Proxy(helper, {});
const parent = { greet: () => "hello" };
const child = {
  __proto__: parent,
  greet(): unknown {
    return super.greet();
  },
};
const ownKey = "computed";
class Keyed {
  [ownKey]() {
    return 1;
  }
}
function withArguments(..._: unknown[]): AnyFunction {
  // biome-ignore lint/complexity/noArguments: this is what is refused
  return () => arguments[0];
}

type Case = readonly [name: string, fn: () => AnyFunction, code: string, message: RegExp, hint?: RegExp];
const unshippableCode = "MR_CLOSURE_UNSHIPPABLE";
const cases: readonly Case[] = [
  [
    "a socket behind a helper",
    () => () => helper(),
    unshippableCode,
    /captures helper → config\.deep\.socket \(refusals\.test\.ts:31\), a Socket/,
  ],
  [
    "a promise in arrays",
    () => () => list,
    unshippableCode,
    /captures list\[1\]\[0\] \(refusals\.test\.ts:\d+\), a Promise/,
    /Await/,
  ],
  ["a WeakMap in a Map", () => () => table, unshippableCode, /table\.get\("key"\) .* weak collection/],
  ["a marked object", () => () => context, unshippableCode, /context .* a Context/, /Leave it at home/],
  ["this of a marked class", () => context.mapping(), unshippableCode, /captures this .* a Context/],
  [
    "an instance with private fields",
    () => () => secret,
    unshippableCode,
    /an instance of Secret, whose #key/,
    /private key/,
  ],
  [
    "an instance whose parent has private fields",
    () => () => heir,
    unshippableCode,
    /an instance of Secret, whose #key/,
  ],
  ["a private name", () => secret.reading(), unshippableCode, /uses the private member #key/],
  ["an heir of a class of Node", () => () => pool, unshippableCode, /pool .* an EventEmitter/],
  ["a stream", () => () => stream, unshippableCode, /stream .* a Readable/],
  ["a timer", () => () => timer, unshippableCode, /timer .* a Timeout/],
  ["a generator", () => () => generator, unshippableCode, /generator .* a generator that runs/],
  ["a Map's iterator", () => () => entries, unshippableCode, /entries .* an iterator/],
  ["an array's iterator", () => () => iterator, unshippableCode, /iterator .* an iterator/],
  ["a unique symbol", () => () => unique, unshippableCode, /unique .* unique symbol/, /Symbol\.for/],
  ["an AbortSignal", () => () => signal, unshippableCode, /signal .* an? /],
  ["URLSearchParams", () => () => search, unshippableCode, /search .* an? URLSearchParams/],
  [
    "a WeakRef",
    () => {
      const ref = new WeakRef(parent);
      return () => ref;
    },
    unshippableCode,
    /ref .* a WeakRef/,
  ],
  ["a bound function", () => bound, "MR_CLOSURE_NATIVE", /bound or native/, /arrow function/],
  ["a captured bound function", () => () => usesBound(), "MR_CLOSURE_NATIVE", /usesBound → bound/],
  ["a proxy of a function", () => () => proxy(), "MR_CLOSURE_NATIVE", /proxy/],
  ["super", () => child.greet, unshippableCode, /uses super/],
  [
    "arguments of the function around",
    () => withArguments(1),
    unshippableCode,
    /arguments of the function around/,
  ],
  [
    "a variable not initialised yet",
    () => () => later,
    unshippableCode,
    /later, which is not initialised yet .*refusals\.test\.ts:\d+/,
    /Move the declaration/,
  ],
  [
    "a class whose keys are variables",
    () => () => new Keyed(),
    unshippableCode,
    /uses ownKey where the class is defined/,
  ],
];

const failures = cases.map(([name, make, code, message, hint]) => ({
  name,
  code,
  message,
  hint,
  error: caught(make()),
}));
for (const { name, code, message, hint, error } of failures) {
  test(`refuses ${name}`, () => {
    assert.ok(error instanceof MillraceError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    assert.match(error.message, /\[map at app\.ts:1\]$/);
    if (hint !== undefined) assert.match(error.hint, hint);
  });
}
const later = 1;
const source = readFileSync(new URL(import.meta.url), "utf8");

test("what is refused when checked is refused when shipped", () => {
  assert.throws(() => shipClosure(() => helper(), { operator: "map" }), { code: unshippableCode });
});

test("each captured variable that is assigned gets a warning with its place", () => {
  let count = 0;
  let last: unknown;
  const note = (value: unknown) => {
    last = value;
  };
  const fn = (value: unknown) => {
    count++;
    note(value);
  };
  const warnings = checkClosure(fn, { operator: "foreach", site: "app.ts:9" });
  assert.deepEqual(
    warnings.map(({ variable, file, line }) => [variable, file, line]),
    [
      ["count", "refusals.test.ts", lineOf("count++;")],
      ["last", "refusals.test.ts", lineOf("last = value;")],
    ],
  );
  assert.match(
    warnings[0]?.message ?? "",
    /^foreach at app\.ts:9: the function assigns count \(refusals\.test\.ts:\d+\)/,
  );
  assert.deepEqual([count, last], [0, undefined]);
});

test("changing a captured object is no warning", () => {
  const seen: unknown[] = [];
  assert.deepEqual(
    checkClosure((value: unknown) => seen.push(value), { operator: "foreach" }),
    [],
  );
});

function caught(fn: AnyFunction): unknown {
  try {
    checkClosure(fn, { operator: "map", site: "app.ts:1" });
  } catch (error) {
    return error;
  }
  return undefined;
}

/** Type stripping keeps lines, so the running source has those of the file. */
function lineOf(text: string): number {
  return source.split("\n").findIndex(line => line.trim() === text) + 1;
}
