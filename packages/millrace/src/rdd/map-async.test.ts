import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { SparkContext } from "./spark-context.ts";

for (const master of ["local", "local[2]"]) {
  describe(`mapAsync on ${master}`, { concurrency: false }, () => {
    const withContext = async (run: (sc: SparkContext) => Promise<void>) => {
      const sc = new SparkContext(master, "mapAsync");
      try {
        await run(sc);
      } finally {
        await sc.stop();
      }
    };

    test("results come in the order of records, or all the same without", () =>
      withContext(async sc => {
        const late = (n: number) => sleep(n % 3, n * 10);
        const numbers = sc.parallelize([5, 4, 3, 2, 1], 2);
        assert.deepEqual(await numbers.mapAsync(late).collect(), [50, 40, 30, 20, 10]);
        for (const concurrency of [1, 2, 100]) {
          const some = await numbers.mapAsync(late, { concurrency, ordered: false }).collect();
          assert.deepEqual(
            some.sort((a, b) => a - b),
            [10, 20, 30, 40, 50],
          );
        }
        assert.deepEqual(
          await sc.parallelize<number>([], 1).mapAsync(late, { ordered: false }).collect(),
          [],
        );
      }));

    test("a function that answers at once may do so, and pairs are pairs", () =>
      withContext(async sc => {
        const pairs = sc.parallelize([1, 2, 1], 1).mapAsync(n => [n, 1]);
        assert.deepEqual(await pairs.reduceByKey((a, b) => a + b).collect(), [
          [1, 2],
          [2, 1],
        ]);
      }));

    for (const ordered of [true, false]) {
      test(`no more calls are under way than allowed, ${ordered ? "in order" : "as ready"}`, () =>
        withContext(async sc => {
          const seen = await sc
            .parallelize(
              Array.from({ length: 40 }, (_, i) => i),
              1,
            )
            .mapPartitions(records => [...records])
            .mapAsync(
              async n => {
                const counter = globalThis as unknown as { underWay?: number };
                counter.underWay = (counter.underWay ?? 0) + 1;
                const now = counter.underWay;
                await sleep(n % 4);
                counter.underWay -= 1;
                return now;
              },
              { concurrency: 7, ordered },
            )
            .collect();
          assert.equal(seen.length, 40);
          assert.equal(Math.max(...seen), 7);
        }));

      test(`a rejected promise fails the task and the others are told, ${ordered ? "in order" : "as ready"}`, () =>
        withContext(async sc => {
          const asked = sc.parallelize([1, 2, 3, 4], 1).mapAsync(
            async (n, signal) => {
              if (n === 1) throw new RangeError("no such user");
              return sleep(60_000, n, { signal });
            },
            { ordered, concurrency: 3 },
          );
          await assert.rejects(asked.collect(), {
            code: "MR_TASK_FAILED",
            message: /no such user.*mapAsync/s,
          });
        }));
    }

    test("a failure in order reaches the action once its turn has come", () =>
      withContext(async sc => {
        const asked = sc.parallelize([1, 2, 3], 1).mapAsync(async n => {
          await sleep(3 - n);
          if (n > 1) throw new RangeError(`no user ${n}`);
          return n;
        });
        await assert.rejects(asked.collect(), { message: /no user 2/ });
      }));
  });
}

test("a concurrency that is none is refused at the declaration", async () => {
  const sc = new SparkContext("local", "mapAsync");
  for (const concurrency of [0, -1, 1.5, Number.NaN]) {
    assert.throws(() => sc.parallelize([1]).mapAsync(async n => n, { concurrency }), {
      code: "MR_BAD_ARGUMENT",
      operator: "mapAsync",
    });
  }
  await sc.stop();
});
