import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { baseClass, describeSymbol, reExports } from "./public-api.ts";

describe("the public API read from sources", () => {
  it("reads export lists", () => {
    const source = `/* export { no } from "./no.ts" */
export { a, type B, c as d } from "./a.ts";
export type { E } from "./e.ts";
export * from "./f.ts";`;
    assert.deepEqual(reExports(source), [
      { name: "a", specifier: "./a.ts" },
      { name: "B", specifier: "./a.ts" },
      { name: "c", specifier: "./a.ts" },
      { name: "E", specifier: "./e.ts" },
      { name: "*", specifier: "./f.ts" },
    ]);
  });

  it("reads what a class extends", () => {
    const source = `import { type X, Base } from "./base.ts";
export class A<T extends X> extends Base<T> {}
export abstract class B extends A<X> {}
export class C {}`;
    assert.deepEqual(baseClass(source, "A"), { name: "Base", specifier: "./base.ts" });
    assert.deepEqual(baseClass(source, "B"), { name: "A" });
    assert.equal(baseClass(source, "C"), undefined);
  });

  const source = `
/** A shape. */
export interface Shape { readonly a: number }
export type Bare = string;
/** Adds. */
export function add(a: number): number;
export function add(a: string): string;
export function add(a: unknown): unknown { return a; }
/** A box. */
export class Box<T> {
  /** What is in it. */
  readonly value: T;
  private readonly hidden = 1;
  #secret = 2;
  constructor(value: T) { this.value = value; }
  /** Maps. */
  map<U>(f: (value: T) => readonly U[]): Box<U>;
  map<U>(f: (value: T) => U): Box<U>;
  map(f: (value: T) => unknown): unknown { return f(this.value); }
  bare(): number { return this.hidden + this.#secret; }
  /** @internal */
  internal(): void {}
}`;
  const shape = (name: string) => describeSymbol(source, name).map(each => [each.name, each.kind, each.doc]);

  it("reads declarations and members", () => {
    assert.deepEqual(shape("Shape"), [["Shape", "type", "/** A shape. */"]]);
    assert.deepEqual(shape("Bare"), [["Bare", "type", undefined]]);
    assert.deepEqual(shape("add"), [["add", "value", "/** Adds. */"]]);
    assert.deepEqual(shape("Box"), [
      ["Box", "class", "/** A box. */"],
      ["Box.value", "property", "/** What is in it. */"],
      ["Box.map", "method", "/** Maps. */"],
      ["Box.bare", "method", undefined],
    ]);
    assert.deepEqual(shape("nothing"), []);
  });
});
