import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeFrame, PiecedFrame, scanFrames } from "./frames.ts";

const payload = Buffer.from("a payload of some length");

for (const cuts of [[], [24], [0, 24], [1, 5, 5, 20], Array.from({ length: 24 }, (_, i) => i + 1)]) {
  test(`a frame of pieces that end at ${cuts.join(", ") || "nothing"} is the frame of the whole`, () => {
    const frame = new PiecedFrame();
    let from = 0;
    for (const to of cuts) {
      frame.add(payload.subarray(from, to));
      from = to;
    }
    const whole = payload.subarray(0, from);
    assert.deepEqual(Buffer.concat(frame.parts), Buffer.from(encodeFrame(whole)));
    assert.deepEqual(scanFrames(Buffer.concat(frame.parts)).payloads.map(String), [String(whole)]);
  });
}
