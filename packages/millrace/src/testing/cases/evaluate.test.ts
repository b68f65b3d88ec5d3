import assert from "node:assert/strict";
import { test } from "node:test";
import { awaitCalls, evaluate, evaluateAwaiting } from "./evaluate.ts";

const rewrites: readonly [build: string, awaited: string][] = [
  ["1+2", "1+2"],
  ["sc.range(3).count()", "(await (await sc.range(3)).count())"],
  ["sc.take(3).length", "(await sc.take(3)).length"],
  ["a.histogram(2)[1]", "(await a.histogram(2))[1]"],
  ["a.join(b.map(x=>f(x)))", "(await a.join((await b.map(x=>f(x)))))"],
  ["a.map(function(x){return g(x)})", "(await a.map(function(x){return g(x)}))"],
  ["[...f()]", "[...(await f())]"],
];

for (const [build, awaited] of rewrites) {
  test(`awaits the calls of ${build}`, () => assert.equal(awaitCalls(build), awaited));
}

test("actions may answer later", async () => {
  const sc = { take: async (n: number) => Array.from({ length: n }, (_, i) => i) };
  assert.equal(await evaluateAwaiting("sc.take(3).length", { sc }), 3);
  assert.deepEqual(await evaluateAwaiting("sc.take(2)", { sc }), [0, 1]);
});

test("builds may name the API and what the case adds", () => {
  assert.equal(evaluate("Seconds(2).milliseconds + TMP.length", { TMP: "/t" }), 2002);
  assert.equal(evaluate("new HashPartitioner(3).numPartitions // three", {}), 3);
  assert.throws(() => evaluate("nothingLikeIt", {}), ReferenceError);
  assert.throws(() => evaluate("s =>", {}), SyntaxError);
});
