import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { SparkContext } from "millrace";
import { text } from "./text.ts";
import { startTextServer } from "./text-server.ts";

const sc = new SparkContext("local", "text server");
after(() => sc.stop());

describe("the demo's text server", () => {
  it("sends whole lines of the text, in order and from the top again", async () => {
    const server = await startTextServer(sc.platform, 100_000);
    const received = await receive(server.port, text.length + 20);
    await server.close();
    const start = text.indexOf(received[0] ?? "");
    const expected = received.map((_, i) => text[(start + i) % text.length]);
    assert.deepEqual(received, expected);
  });

  it("has words in natural frequencies", () => {
    const counts = new Map<string, number>();
    for (const word of text.join(" ").toLowerCase().split(" ")) counts.set(word, (counts.get(word) ?? 0) + 1);
    const [first] = [...counts].sort((a, b) => b[1] - a[1]);
    assert.equal(first?.[0], "the");
    assert.ok(counts.size > 400, `${counts.size} different words`);
    assert.ok(text.every(line => /^[A-Za-z ]+$/.test(line)));
  });
});

/** The first `count` lines a server sends. */
function receive(port: number, count: number): Promise<string[]> {
  return new Promise((resolve, reject) => {
    let received = "";
    const connection = sc.platform.network.connect("localhost", port, {
      onData(bytes) {
        received += new TextDecoder().decode(bytes);
        const lines = received.split("\n");
        if (lines.length <= count) return;
        connection.close();
        resolve(lines.slice(0, count));
      },
      onClose: error => error && reject(error),
    });
  });
}
