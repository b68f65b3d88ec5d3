import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ManualClock } from "../common/clock/index.ts";
import type { DStream } from "./dstream/dstream.ts";
import { batchesStream } from "./fixtures/run-batches.ts";
import { StreamingContext } from "./streaming-context.ts";

const folder = mkdtempSync(join(tmpdir(), "millrace-threads-"));
after(() => rmSync(folder, { recursive: true }));

const add = (a: number, b: number) => a + b;
const lines = [["a b a"], ["b"], [], ["c c c"]];

/** Everything Millrace itself gives to tasks must be able to travel. */
const pipelines: [
  name: string,
  build: (lines: DStream<string>) => DStream<unknown>,
  expected: unknown[][],
][] = [
  ["count", s => s.count(), [[1], [1], [0], [1]]],
  ["reduce", s => s.map<number>(line => line.length).reduce(add), [[5], [1], [], [5]]],
  ["glom", s => s.repartition(1).glom(), [[["a b a"]], [["b"]], [[]], [["c c c"]]]],
  ["countByWindow", s => s.countByWindow(2000, 1000), [[1], [2], [1], [1]]],
  [
    "groupByKeyAndWindow",
    s => s.map(line => [0, line]).groupByKeyAndWindow(2000, 1000, 1),
    [[[0, ["a b a"]]], [[0, ["a b a", "b"]]], [[0, ["b"]]], [[0, ["c c c"]]]],
  ],
  [
    "reduceByKeyAndWindow with an inverse",
    s =>
      s
        .flatMap(line => line.split(" "))
        .map(word => [word, 1])
        .reduceByKeyAndWindow(add, (a, b) => a - b, 2000, 1000, {
          numPartitions: 1,
          filterFunc: pair => pair[1] > 0,
        })
        .map<string>(([word, n]) => `${word}${n}`),
    [["a2", "b1"], ["a2", "b2"], ["b1"], ["c3"]],
  ],
];

for (const [name, build, expected] of pipelines) {
  test(`${name} on worker threads`, async () => {
    const clock = new ManualClock();
    const ssc = new StreamingContext("local[2]", "threads", 1000, { clock });
    ssc.checkpoint(folder);
    const out: unknown[][] = [];
    build(batchesStream(ssc, lines)).foreachRDD(async rdd => {
      out.push(await rdd.collect());
    });
    await ssc.start();
    for (const _ of lines) {
      clock.advance(1000);
      await ssc.whenIdle();
    }
    await Promise.race([ssc.awaitTermination(), ssc.stop()]);
    assert.deepEqual(out, expected);
  });
}
