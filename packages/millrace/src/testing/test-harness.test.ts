import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { MillraceError } from "../common/errors/index.ts";
import { Milliseconds, Seconds } from "../common/time/index.ts";
import { SparkContext } from "../rdd/index.ts";
import { StreamingContext } from "../streaming/index.ts";
import { TestHarness } from "./test-harness.ts";

for (const master of ["local", "local[2]"]) {
  describe(`TestHarness on ${master}`, () => {
    test("feed, move time, look", async () => {
      await using harness = new TestHarness({ interval: Seconds(1), master });
      const lines = harness.addInput<string>();
      const words = lines.stream.flatMap(line => line.split(" "));
      const counts = harness.outputs(words.countByWindow(Seconds(2)));
      words.print();

      lines.push(["to be", "or"]);
      await harness.advanceBatch();
      assert.deepEqual(counts.batches, [[3]]);
      lines.push(["not"]);
      await harness.advanceBatch();
      assert.deepEqual(counts.timed, [
        { timeMs: 1000, records: [3] },
        { timeMs: 2000, records: [4] },
      ]);
      const ruler = "-".repeat(43);
      assert.equal(
        harness.printed,
        `${ruler}\nTime: 1000 ms\n${ruler}\nto\nbe\nor\n\n${ruler}\nTime: 2000 ms\n${ruler}\nnot\n\n`,
      );
    });

    test("files and checkpoints are its own and go with it", async () => {
      const harness = new TestHarness({ master });
      const { directory, platform } = harness;
      harness.addInput([["a"]]).stream.saveAsTextFiles(`${directory}/out`);
      await harness.advanceBatch();
      assert.ok(
        (await platform.files.list(`${directory}/out-1000`)).some(({ path }) => path.endsWith("_SUCCESS")),
      );
      await harness.stop();
      if (master !== "local") assert.equal(await platform.files.stat(directory), undefined);
    });
  });
}

test("what is pushed goes into the first batch to come that has nothing", async () => {
  await using harness = new TestHarness();
  const input = harness.addInput([[1], null]);
  const outputs = harness.outputs(input.stream);
  input.push([3]);
  await harness.advanceBatch(4);
  input.push([5]);
  input.push(null);
  input.push([7]);
  await harness.advanceBatch(3);
  assert.deepEqual(outputs.timed, [
    { timeMs: 1000, records: [1] },
    { timeMs: 3000, records: [3] },
    { timeMs: 4000, records: [] },
    { timeMs: 5000, records: [5] },
    { timeMs: 7000, records: [7] },
  ]);
});

test("under local a directory can be watched and a socket read, all simulated", async () => {
  await using harness = new TestHarness({ interval: Milliseconds(1000) });
  const { platform, ssc } = harness;
  const listener = await platform.network.listen(0, connection => {
    void connection.write("from a socket\n");
    return { onData: () => {}, onClose: () => {} };
  });
  await platform.files.mkdirs("/in");
  const lines = ssc.textFileStream("/in").union(ssc.socketTextStream("localhost", listener.port));
  const outputs = harness.outputs(lines);
  await harness.advanceBatch();
  const writer = await platform.files.create("/in/a.txt");
  await writer.write(new TextEncoder().encode("from a file\n"));
  await writer.close();
  await harness.advanceBatch(2);
  assert.deepEqual(outputs.batches.flat().sort(), ["from a file", "from a socket"]);
  await listener.close();
});

test("the first failure ends the test, and stays", async () => {
  await using harness = new TestHarness();
  const numbers = harness.addInput([[1], [2], [3]]).stream;
  harness.outputs(
    numbers.transform(rdd => {
      if (harness.clock.now() >= 2000) throw new RangeError("generation");
      return rdd;
    }),
  );
  await harness.advanceBatch();
  const failed = (error: unknown) =>
    error instanceof MillraceError && error.code === "MR_STREAMING_GENERATION_FAILED";
  await assert.rejects(harness.advanceBatch(), failed);
  await assert.rejects(harness.advanceBatch(), failed);
});

test("start() says what is wrong before any time has passed", async () => {
  await using harness = new TestHarness();
  harness.addInput([[1]]);
  await assert.rejects(
    harness.advanceBatch(),
    (error: unknown) => error instanceof MillraceError && error.code === "MR_STREAMING_NO_OUTPUT",
  );
});

test("settings reach the context", async () => {
  await using harness = new TestHarness({ conf: { "spark.default.parallelism": 5 }, interval: "250ms" });
  assert.equal(harness.ssc.sparkContext.defaultParallelism, 5);
  assert.equal(harness.ssc.graph.batchMs, 250);
});

for (const count of [-1, 0.5, Number.NaN]) {
  test(`advanceBatch(${count}) is refused`, async () => {
    await using harness = new TestHarness();
    await assert.rejects(
      harness.advanceBatch(count),
      (error: unknown) => error instanceof MillraceError && error.code === "MR_BAD_ARGUMENT",
    );
  });
}

test("stopping twice, and without a start, leaves nothing active", async () => {
  const harness = new TestHarness();
  await harness.stop();
  await harness.stop();
  assert.equal(StreamingContext.getActive(), undefined);
});

test("the same seed gives the same chance", async () => {
  const chance = async (seed: number) => {
    await using harness = new TestHarness({ seed });
    return harness.platform.random.nextUint32();
  };
  assert.equal(await chance(7), await chance(7));
  assert.notEqual(await chance(7), await chance(8));
});

test("an engine that is given is shared and stays", async () => {
  const sparkContext = new SparkContext("local[2]", "shared");
  try {
    for (const n of [1, 2]) {
      await using harness = new TestHarness({ sparkContext });
      const { stream } = harness.addInput([[n]]);
      stream.print();
      const outputs = harness.outputs(stream.map(x => x * 10));
      await harness.advanceBatch();
      assert.deepEqual(outputs.batches, [[n * 10]]);
      assert.match(harness.printed, new RegExp(`Time: 1000 ms\\n-+\\n${n}\\n\\n$`));
    }
    assert.equal(await sparkContext.parallelize([1, 2]).count(), 2);
  } finally {
    await sparkContext.stop();
  }
});
