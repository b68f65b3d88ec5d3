import assert from "node:assert/strict";
import { test } from "node:test";
import { elsewhere } from "../fixtures/transport.ts";

const offset = 1;

class Account {
  constructor(readonly_: boolean) {
    if (readonly_) fail("constructor");
  }
  method(): void {
    fail("method");
  }
}

function fail(where: string): never {
  throw new Error(`failed in ${where} ${offset}`);
}

const multiline = (value: number): number => {
  const doubled = value * 2;
  if (doubled > offset) throw new Error("too much");
  return doubled;
};
const library = {
  async thrower(): Promise<void> {
    await Promise.resolve();
    throw new Error("later");
  },
};

const cases: readonly (readonly [name: string, fn: () => unknown])[] = [
  ["an arrow function", () => fail("arrow")],
  ["lines within a function", () => multiline(4)],
  ["a method of a class", () => new Account(false).method()],
  ["a constructor", () => new Account(true)],
  ["an async method", library.thrower],
];

for (const [name, fn] of cases) {
  test(`the stack of ${name} shows the user's own lines and columns`, async () => {
    const original = await framesOf(fn);
    const revived = await framesOf(await elsewhere(fn));
    assert.deepEqual(revived, original);
    assert.ok(original.length > 0);
  });
}

/** Places of the frames within this file, up to the call below. V8's names for nameless functions do not count. */
async function framesOf(fn: () => unknown): Promise<string[]> {
  try {
    await fn();
  } catch (error) {
    const frames = ((error as Error).stack ?? "")
      .split("\n")
      .filter(line => line.includes("compile-code.test.ts"));
    const end = frames.findIndex(line => line.includes("framesOf"));
    const own = frames.slice(0, end === -1 ? frames.length : end);
    return own.map(line => line.replace(/^.*compile-code/, "").replace(")", ""));
  }
  return [];
}
