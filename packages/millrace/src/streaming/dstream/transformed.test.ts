import assert from "node:assert/strict";
import { test } from "node:test";
import { runBatches } from "../fixtures/run-batches.ts";

test("transform is given the RDD and the time of each batch", async () => {
  const out = await runBatches([[[1], [2]]], numbers =>
    numbers.transform((rdd, time) => {
      const { milliseconds } = time;
      return rdd.map(n => n + milliseconds);
    }),
  );
  assert.deepEqual(out, [[1001], [2002]]);
});

test("transformWith is given both RDDs of a batch", async () => {
  const out = await runBatches(
    [
      [[1], []],
      [["a"], ["b"]],
    ],
    (numbers, words) => numbers.transformWith(words, (rdd, other) => rdd.map(String).union(other)),
  );
  assert.deepEqual(out, [["1", "a"], ["b"]]);
});

test("the context transforms any number of streams", async () => {
  const out = await runBatches(
    [
      [[1], []],
      [["a"], ["b"]],
    ],
    (numbers, words) =>
      numbers.context.transform([numbers, words], ([rdd, other], time) => {
        const suffix = `@${time.milliseconds}`;
        return rdd.map(n => `${n}${suffix}`).union(other);
      }),
  );
  assert.deepEqual(out, [["1@1000", "a"], ["b"]]);
});

test("repartition deals records out", async () => {
  const out = await runBatches([[[1, 2, 3, 4]]], numbers => numbers.repartition(4).glom());
  assert.equal(out[0]?.length, 4);
  assert.deepEqual(out[0]?.flat().sort(), [1, 2, 3, 4]);
});

const failures: [name: string, f: () => never, message: RegExp][] = [
  ["nothing", () => undefined as never, /Transform function must not return undefined/],
  ["null", () => null as never, /Transform function must not return null/],
  ["a promise", () => Promise.resolve() as never, /Transform function must not return a promise/],
  [
    "an error",
    () => {
      throw new RangeError("This is a special error");
    },
    /This is a special error/,
  ],
];

for (const [name, f, message] of failures) {
  test(`a function that gives ${name} loses the batch`, async () => {
    await assert.rejects(
      runBatches([[[1]]], numbers => numbers.transform(f)),
      {
        code: "MR_STREAMING_GENERATION_FAILED",
        message,
      },
    );
  });
}

test("a parent without RDD loses the batch", async () => {
  await assert.rejects(
    runBatches([[null]], numbers => numbers.transform(rdd => rdd)),
    {
      message: /Couldn't generate RDD from parent at time 1000 ms/,
    },
  );
});
