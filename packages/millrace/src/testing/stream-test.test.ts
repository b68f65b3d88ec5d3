import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { IllegalArgumentException, MillraceError } from "../common/errors/index.ts";
import { Milliseconds, Seconds } from "../common/time/index.ts";
import { BatchMismatchError } from "./mismatch.ts";
import { streamTest } from "./stream-test.ts";

for (const master of ["local", "local[2]"]) {
  describe(`streamTest on ${master}`, () => {
    test("one input, one pipeline", async () => {
      await streamTest({ interval: Seconds(1), master })
        .input([["a b"], ["a"], []])
        .run(lines =>
          lines
            .flatMap(line => line.split(" "))
            .map(word => [word, 1])
            .reduceByKeyAndWindow((a, b) => a + b, Seconds(2)),
        )
        .expect([
          [
            ["b", 1],
            ["a", 1],
          ],
          [
            ["a", 2],
            ["b", 1],
          ],
          [["a", 1]],
        ]);
    });

    test("two inputs of different lengths", async () => {
      await streamTest({ master })
        .input([[["a", 1]], [["b", 2]]])
        .input([[["a", "x"]]])
        .run((left, right) => left.leftOuterJoin(right))
        .expect([[["a", [1, "x"]]], [["b", [2, undefined]]]]);
    });

    test("a wrong expectation is an error that shows batch, time and both sides", async () => {
      const run = streamTest({ interval: "500ms", master })
        .input([[1, 2], [3], [4]])
        .run(numbers => numbers.map(n => n * 10));
      await assert.rejects(run.expect([[20, 10], [30, 31], [40]]), error => {
        assert.ok(error instanceof BatchMismatchError);
        assert.equal(error.code, "MR_TEST_MISMATCH");
        assert.equal(
          error.message,
          [
            "batch 2 (1000 ms) differs (in any order)",
            "  expected: [ 30, 31 ]",
            "  actual:   [ 30 ]",
            "  missing:  [ 31 ]",
          ].join("\n"),
        );
        assert.deepEqual(error.actual, [[10, 20], [30], [40]]);
        assert.deepEqual(error.expected, [[20, 10], [30, 31], [40]]);
        return true;
      });
    });

    test("what a job throws is what the test throws", async () => {
      const run = streamTest({ master })
        .input([[1], [2]])
        .run(numbers =>
          numbers.map(n => {
            if (n === 2) throw new RangeError("no twos");
            return n;
          }),
        );
      await assert.rejects(
        run.expect([[1], [2]]),
        (error: unknown) =>
          error instanceof MillraceError &&
          error.code === "MR_STREAMING_JOB_FAILED" &&
          error.message.includes("no twos"),
      );
    });
  });
}

test("order counts when asked for", async () => {
  const run = streamTest({ partitions: 1 })
    .input([[1, 2]])
    .run(numbers => numbers.map(n => -n));
  await run.expect([[-2, -1]]);
  await run.expect([[-1, -2]], { ordered: true });
  await assert.rejects(run.expect([[-2, -1]], { ordered: true }), /batch 1 \(1000 ms\) differs\n/);
});

test("records count as often as they are there", async () => {
  const run = streamTest()
    .input([[1, 1, 2]])
    .run(numbers => numbers.map(n => n));
  await assert.rejects(run.expect([[1, 2, 2]]), /missing: {2}\[ 2 \]\n {2}too many: \[ 1 \]/);
});

test("a batch without an RDD: none goes in, none is expected to come out", async () => {
  const run = streamTest()
    .input([[1], null, [], undefined])
    .run(numbers => numbers.map(n => n + 1));
  await run.expect([[2], null, [], undefined]);
  await assert.rejects(run.expect([[2], [], [], undefined]), /batch 2 \(2000 ms\).*\n.*\[\]\n.*no RDD/);
  assert.deepEqual(await run.outputs(), [[2], []]);
});

test("as many batches run as inputs and expectations need, or as are asked for", async () => {
  const sums = streamTest()
    .input([[1], [2]])
    .run(numbers => numbers.window(Seconds(2)).reduce((a, b) => a + b));
  await sums.expect([[1], [3], [2], []]);
  await assert.rejects(sums.expect([[1]]), /batch 2 .*\n {2}expected: no RDD/);
  await sums.expect([[1]], { numBatches: 1 });
  assert.deepEqual(await sums.outputs(3), [[1], [3], [2]]);
});

test("a slide of several batches has an expectation for each slide", async () => {
  await streamTest({ interval: Milliseconds(500) })
    .input([[1], [2], [3]])
    .run(numbers => numbers.window(Seconds(1), Seconds(1)))
    .expect([[1, 2], [3]]);
});

test("inputs are cut into partitions of neighbours", async () => {
  const numbers = [[1, 2, 3]];
  await streamTest()
    .input(numbers)
    .run(stream => stream.glom())
    .expect([[[1], [2, 3]]], { ordered: true });
  await streamTest({ partitions: 3 })
    .input(numbers)
    .run(stream => stream.glom())
    .expect([[[1], [2], [3]]], { ordered: true });
  await streamTest({ partitions: 3 })
    .input(numbers, { partitions: 1 })
    .run(stream => stream.glom())
    .expect([[[1, 2, 3]]], { ordered: true });
});

test("a pipeline that cannot be declared is an error, and the next test runs all the same", async () => {
  const run = streamTest()
    .input([[1]])
    .run(numbers => numbers.window(Milliseconds(1500)));
  await assert.rejects(run.expect([]), IllegalArgumentException);
  await streamTest()
    .input([[1]])
    .run(numbers => numbers.count())
    .expect([[1]]);
});

test("a long difference is cut", async () => {
  const batches = Array.from({ length: 9 }, (_, i) => [i]);
  const run = streamTest()
    .input(batches)
    .run(numbers => numbers.map(n => n + 1));
  await assert.rejects(run.expect(batches), /batch 3 .*\n(.*\n)+and 6 more$/);
});
