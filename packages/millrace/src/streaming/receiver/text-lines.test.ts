import assert from "node:assert/strict";
import { test } from "node:test";
import { TextLines } from "./text-lines.ts";

const text = "first\nzwölf Bögen 🎈\r\n\nlast without end";

test("lines come whole wherever the bytes are cut", () => {
  const bytes = new TextEncoder().encode(text);
  for (let size = 1; size <= bytes.length; size++) {
    const lines = new TextLines();
    let joined = "";
    let count = 0;
    const take = (taken: ReturnType<TextLines["push"]>) => {
      if (taken === undefined) return;
      const decoded = new TextDecoder("utf-8", { fatal: true }).decode(taken.bytes);
      assert.ok(decoded.endsWith("\n"));
      assert.equal(decoded.split("\n").length - 1, taken.count);
      joined += decoded;
      count += taken.count;
    };
    for (let at = 0; at < bytes.length; at += size) take(lines.push(bytes.subarray(at, at + size)));
    take(lines.end());
    assert.equal(joined, `${text}\n`);
    assert.equal(count, 4);
  }
});

test("nothing left over makes no line at the end", () => {
  const lines = new TextLines();
  assert.equal(lines.push(new TextEncoder().encode("a\n"))?.count, 1);
  assert.equal(lines.end(), undefined);
  assert.equal(lines.push(new Uint8Array()), undefined);
});
