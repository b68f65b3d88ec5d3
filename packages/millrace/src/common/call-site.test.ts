import assert from "node:assert/strict";
import { basename } from "node:path";
import { test } from "node:test";
import { captureCallSite, currentCallSite, deferCallSite, withCallSite } from "./call-site.ts";

function wordCount(): ReturnType<typeof captureCallSite> {
  return captureCallSite("map");
}

test("a call site is the caller's file, line and function", () => {
  const line = Number(/:(\d+):\d+\)?$/.exec(new Error().stack?.split("\n")[1] ?? "")?.[1]);
  const site = captureCallSite();
  assert.equal(site.file, import.meta.filename);
  assert.equal(site.line, line + 1);
  assert.equal(site.text, `${basename(import.meta.filename)}:${line + 1}`);
  assert.ok(site.column > 0);
  assert.equal(wordCount().function, "wordCount");
  assert.equal(wordCount().operator, "map");
});

test("frames of Millrace and of Node are skipped", () => {
  // withCallSite's frame lies between; Array.prototype.map's has no script.
  const inside = [1].map(() => withFrame(() => captureCallSite()))[0];
  assert.equal(inside?.file, import.meta.filename);
});

test("a stack without user code is an unknown site", async () => {
  let site: ReturnType<typeof captureCallSite> | undefined;
  // Nobody awaits this promise: a function that did would be on the stack.
  Promise.resolve("map")
    .then(captureCallSite)
    .then(captured => {
      site = captured;
    });
  await new Promise(resolve => setImmediate(resolve));
  assert.ok(site !== undefined);
  const { file, line, column, text, operator } = site;
  assert.deepEqual([file, line, column, text, operator], ["", 0, 0, "unknown", "map"]);
});

test("a function that awaits what captures is on the stack", async () => {
  const site = await Promise.resolve("map").then(captureCallSite);
  assert.equal(site.file, import.meta.filename);
});

test("a deep stack of Millrace's own frames still finds the user", () => {
  let depth = 0;
  const nest = (): ReturnType<typeof captureCallSite> => (++depth < 40 ? nest() : captureCallSite());
  assert.equal(nest().file, import.meta.filename);
});

test("withCallSite scopes nest, and end when the function throws", () => {
  const outer = captureCallSite("window");
  const inner = captureCallSite("reduce");
  assert.equal(currentCallSite(), undefined);
  withCallSite(outer, () => {
    assert.equal(captureCallSite("map"), outer);
    assert.throws(() =>
      withCallSite(inner, () => {
        assert.equal(currentCallSite(), inner);
        throw new RangeError("stop");
      }),
    );
    assert.equal(currentCallSite(), outer);
  });
  assert.equal(currentCallSite(), undefined);
});

test("capturing leaves the program's stack settings alone", () => {
  const limit = Error.stackTraceLimit;
  const prepare = Error.prepareStackTrace;
  captureCallSite();
  assert.equal(Error.stackTraceLimit, limit);
  assert.equal(Error.prepareStackTrace, prepare);
});

function withFrame<R>(fn: () => R): R {
  return fn();
}

test("a deferred site is the place that waits when somebody asks", async () => {
  const around = captureCallSite("foreachRDD");
  const deferred = deferCallSite("collect", around);
  assert.equal(deferred.operator, "collect");
  const asked = async (): Promise<string> => {
    await undefined;
    return deferred.text;
  };
  assert.match(await asked(), /^call-site\.test\.ts:\d+$/);
  assert.notEqual(deferred.line, around.line);
});

test("a deferred site nobody waits for is the one around it", async () => {
  const around = captureCallSite("foreachRDD");
  const deferred = deferCallSite("collect", around);
  let text = "";
  // No function of this file runs when the getter is called.
  Promise.resolve(deferred)
    .then(Reflect.get.bind(Reflect, deferred, "text"))
    .then(found => {
      text = found;
    });
  await new Promise(resolve => setImmediate(resolve));
  assert.equal(text, around.text);
});
