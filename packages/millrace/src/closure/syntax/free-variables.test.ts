import assert from "node:assert/strict";
import { test } from "node:test";
import { functionSyntax } from "./function-syntax.ts";

/** Function text, its free variables: `!` marks one it assigns, `^` one needed while the code is evaluated. */
const table: readonly (readonly [text: string, free: string])[] = [
  ["x => x", ""],
  ["x => x + y", "y"],
  ["(a, b = a, c = d) => a + b + c", "d"],
  ["({ a, b: { c }, [k]: e, ...rest }) => [a, c, e, rest, b]", "k b"],
  ["([a, , b = z, ...r]) => a + b + r", "z"],
  ["async x => await g(x)", "g"],
  ["function f(n) { return n ? f(n - 1) : arguments.length }", ""],
  ["function* g() { yield* h() }", "h"],
  ["async function* g() { for await (const x of y) yield x }", "y"],
  ["() => { use(v); var v = 1; { let w = v; use(w) } return w }", "use w"],
  ["() => { h(); function h() { return i } let i = 1 }", ""],
  ["() => { { function inner() {} } }", ""],
  ["() => { for (const a of b) for (let i = 0; i < a; i++) i }", "b"],
  ["() => { for (q of b) q }", "q! b"],
  ["() => { for (o.k in b) o }", "o b"],
  ["() => { n++ }", "n!"],
  ["() => { n = m; n += 1 }", "n! m"],
  ["() => { [a, b.c, ...d] = e; ({ f, g: h = i } = j) }", "a! b d! e f! h! i j"],
  ["() => { o.n = 1; o[k]++; delete o.x }", "o k"],
  ["() => { let n = 0; n++; return () => n++ }", ""],
  ["() => { try { a() } catch { b() } try { c() } catch ({ message }) { message } }", "a b c"],
  ["() => { switch (a) { case b: let c = d; default: return c } }", "a d b"],
  ["() => { outer: for (;;) break outer }", ""],
  ["() => ({ a, b: c, [d]: 1, e() { return f }, get g() { return h } })", "a c d f h"],
  [
    "() => { class A extends B { [k] = v; static s = w; m() { return A } static { x } } return A }",
    "B k v w x",
  ],
  ["class A { p = q; static s = t; m() { return u } }", "q t^ u"],
  ["class A extends B { constructor() { super() } }", ""],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: source of a function
  ["() => `a${b}` + tag`c${d}` + e?.f?.[g]", "b tag d e g"],
  ["m(a) { return a + b }", "b"],
  ["get m() { return b }", "b"],
  ["[k](a) { return b }", "b"],
  ["async *m() { yield b }", "b"],
  ["() => typeof a === 'undefined' || void b", "a b"],
  ["(a, f = () => a + b) => { var c; return f(c) }", "b"],
  ["() => { if (x) { var y = 1 } return y }", "x"],
  ["() => function named() { return named }", ""],
  ["() => { label: { const a = 1; break label } return a }", "a"],
];

for (const [text, free] of table) {
  test(`free variables of ${text}`, () => {
    const variables = functionSyntax(text)?.surroundings.variables.values() ?? [];
    const found = Array.from(
      variables,
      ({ name, assignment, eager }) => name + (assignment === undefined ? "" : "!") + (eager ? "^" : ""),
    );
    assert.deepEqual(
      found,
      free.split(" ").filter(name => name !== ""),
    );
  });
}

test("what an arrow function takes from the function around it", () => {
  const taken = (text: string) => {
    const {
      this: self,
      super: parent,
      arguments: args,
      newTarget,
      privateName,
      metas,
      dynamicImports,
    } = functionSyntax(text)?.surroundings ?? {};
    return { self, parent, args, newTarget, private: privateName?.name, metas, imports: dynamicImports };
  };
  const nothing = {
    self: undefined,
    parent: undefined,
    args: undefined,
    newTarget: undefined,
    private: undefined,
    metas: [],
    imports: [],
  };
  assert.deepEqual(taken("() => this.x"), { ...nothing, self: 6 });
  assert.deepEqual(taken("() => () => this"), { ...nothing, self: 12 });
  assert.deepEqual(taken("() => function () { return this }"), nothing);
  assert.deepEqual(taken("() => class { x = this; static { this } }"), nothing);
  assert.deepEqual(taken("() => class { [this.k] = 1 }"), { ...nothing, self: 15 });
  assert.deepEqual(taken("() => arguments[0]"), { ...nothing, args: 6 });
  assert.deepEqual(taken("() => new.target"), { ...nothing, newTarget: 6 });
  assert.deepEqual(taken("m() { return super.m() }"), { ...nothing, parent: 13 });
  assert.deepEqual(taken("() => ({ m() { return super.m() } })"), nothing);
  assert.deepEqual(taken("x => x.#p"), { ...nothing, private: "p" });
  assert.deepEqual(taken("x => class { #p; m() { return this.#p } }"), nothing);
  assert.deepEqual(taken("() => import.meta.url"), { ...nothing, metas: [[6, 17]] });
  assert.deepEqual(taken("() => import('x')"), { ...nothing, imports: [6] });
});

test("native code is no JavaScript", () => {
  assert.equal(functionSyntax("function max() { [native code] }"), undefined);
});
