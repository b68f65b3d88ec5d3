import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  coalesce,
  HashPartitioner,
  localCheckpoint,
  narrow,
  type PlanNode,
  StorageLevel,
  shuffle,
  union,
  zipPartitions,
} from "../../plan/index.ts";
import type { TaskInfo } from "../../task/spec.ts";
import type { Engine, JobSink } from "../engine.ts";
import {
  anyJob,
  endlessRange,
  origin,
  runOn,
  testEngine,
  values,
  withEngine,
} from "../fixtures/test-engine.ts";

const masters = ["local", "local[2]", "local[3]"];

/** Functions of tasks capture nothing: what matters here is the engine. */
const double = (x: number) => x * 2;
const add = (a: number, b: number) => a + b;
const appendAll = (a: number[], b: number[]) => {
  a.push(...b);
  return a;
};
const paired = (x: number) => [x % 2 === 0 ? "even" : "odd", x];
const anyNumber = () => [Math.random()];

const numbers = () => values([1, 2, 3], [], [4], [5, 6]);
const sums = (node: PlanNode, partitions = 2) =>
  shuffle(origin, narrow(origin, "map", node, paired, false), new HashPartitioner(partitions), {
    create: undefined,
    mergeValue: add,
    mergeCombiners: add,
    mapSideCombine: true,
  });

/** A random number per partition: the same again only where it was kept. */
const lots = (partitions: number) =>
  narrow(origin, "mapPartitions", values(...Array.from({ length: partitions }, () => [0])), anyNumber, false);

for (const master of masters) {
  // One engine for all: threads take a while to start, and no test may leave it out of order.
  const shared = testEngine(master);
  after(() => shared.stop());
  const onShared = (body: (engine: Engine) => Promise<void>) => body(shared);

  test(`${master}: every sink answers per partition`, () =>
    onShared(async engine => {
      const doubled = narrow(origin, "map", numbers(), double, false);
      const cases: readonly (readonly [JobSink, readonly unknown[]])[] = [
        [{ kind: "collect" }, [[2, 4, 6], [], [8], [10, 12]]],
        [{ kind: "count" }, [3, 0, 1, 2]],
        [{ kind: "take", limit: 2 }, [[2, 4], [], [8], [10, 12]]],
        [{ kind: "foreach", fn: double }, [undefined, undefined, undefined, undefined]],
        [
          {
            kind: "partition",
            fn: (records: Iterable<number>, task: TaskInfo) => [...records, task.partition, task.argument],
            argument: "x",
          },
          [
            [2, 4, 6, 0, "x"],
            [1, "x"],
            [8, 2, "x"],
            [10, 12, 3, "x"],
          ],
        ],
        [
          { kind: "reduce", fn: add },
          [
            { has: true, value: 12 },
            { has: false, value: undefined },
            { has: true, value: 8 },
            { has: true, value: 22 },
          ],
        ],
        [
          { kind: "reduce", fn: add, zero: () => 100 },
          [112, 100, 108, 122].map(value => ({ has: true, value })),
        ],
      ];
      for (const [sink, expected] of cases) assert.deepEqual(await runOn(engine, doubled, sink), expected);
      const some = { node: doubled, partitions: [3, 0], sink: { kind: "count" }, ...anyJob } as const;
      assert.deepEqual(await engine.run(some), [2, 3]);
      assert.deepEqual(await engine.run({ ...some, partitions: [] }), []);
    }));

  test(`${master}: shuffles run when they are needed, and once for all jobs`, () =>
    onShared(async engine => {
      const onceOnly = narrow(
        origin,
        "mapPartitions",
        lots(3),
        (records: Iterable<number>) => Array.from(records, x => ["k", [x]]),
        false,
      );
      const lists = shuffle(origin, onceOnly, new HashPartitioner(2), {
        create: undefined,
        mergeValue: appendAll,
        mergeCombiners: appendAll,
        mapSideCombine: true,
      });
      const first = await Promise.all([runOn(engine, lists), runOn(engine, lists)]);
      assert.deepEqual(first[0], first[1]);
      assert.deepEqual(await runOn(engine, lists), first[0]);
      assert.equal((first[0].flat()[0] as [string, number[]])[1].length, 3);
      assert.deepEqual((await runOn(engine, sums(sums(numbers()), 3))).flat().length, 1);
    }));

  test(`${master}: a failing task fails the job with the operation, the line and the user's error`, () =>
    onShared(async engine => {
      const site = { file: "/app.ts", line: 7, column: 1, text: "app.ts:7" };
      const failing = narrow(
        { operator: "map", site },
        "map",
        numbers(),
        function usersFunction(x: number) {
          if (x === 4) throw new RangeError("four", { cause: new TypeError("deeper") });
          return x;
        },
        false,
      );
      for (const node of [failing, sums(failing)]) {
        const error = await runOn(engine, node).catch((caught: unknown) => caught);
        assert.ok(error instanceof Error && error.cause instanceof Error);
        assert.deepEqual(
          [(error as Error & { code: string }).code, error.message],
          ["MR_TASK_FAILED", "a task failed: RangeError: four [map at app.ts:7]"],
        );
        assert.deepEqual([error.cause.name, error.cause.message], ["RangeError", "four"]);
        assert.match(error.cause.stack ?? "", /usersFunction/);
        assert.equal((error.cause.cause as Error).message, "deeper");
      }
      // The engine works on.
      assert.deepEqual(await runOn(engine, numbers(), { kind: "count" }), [3, 0, 1, 2]);
    }));

  test(`${master}: one function in two operations is told apart`, () =>
    onShared(async engine => {
      const picky = (x: unknown) => {
        if (typeof x === "boolean") throw new Error("no booleans");
        return x !== 0;
      };
      const once = narrow({ ...origin, operator: "first" }, "map", numbers(), picky, false);
      const twice = narrow({ ...origin, operator: "second" }, "filter", once, picky, true);
      await assert.rejects(runOn(engine, twice), { operator: "second" });
    }));

  for (const [name, fn, cause] of [
    [
      "a text",
      () => {
        throw "text";
      },
      "text",
    ],
    [
      "nothing",
      () => {
        throw undefined;
      },
      undefined,
    ],
    [
      "null",
      () => {
        throw null;
      },
      null,
    ],
    [
      "an object",
      () => {
        throw { a: 1 };
      },
      { a: 1 },
    ],
    [
      "an object without a prototype",
      () => {
        throw Object.create(null);
      },
      undefined,
    ],
    [
      "a symbol",
      () => {
        throw Symbol("s");
      },
      undefined,
    ],
    [
      "a function",
      () => {
        throw () => 1;
      },
      undefined,
    ],
  ] as const) {
    test(`${master}: throwing ${name} is an error like any other`, () =>
      onShared(async engine => {
        const error = await runOn(engine, narrow(origin, "map", values([1]), fn, false)).catch(
          (e: unknown) => e,
        );
        assert.equal((error as { code?: string }).code, "MR_TASK_FAILED");
        if (cause !== undefined) assert.deepEqual((error as Error).cause, cause);
      }));
  }

  test(`${master}: an async function that rejects fails the job, with nothing unhandled`, () =>
    onShared(async engine => {
      const fn = async (x: number) => {
        await null;
        throw new RangeError(`rejected ${x}`);
      };
      await assert.rejects(runOn(engine, numbers(), { kind: "foreach", fn }), {
        code: "MR_TASK_FAILED",
        message: /RangeError: rejected \d/,
      });
      const mixed = (x: number) => {
        if (x === 3) throw new Error("at once");
        return Promise.reject(new Error("later"));
      };
      await assert.rejects(runOn(engine, values([1, 2, 3]), { kind: "foreach", fn: mixed }), {
        message: /at once/,
      });
      const perPartition = async () => {
        throw new RangeError("partition");
      };
      await assert.rejects(runOn(engine, numbers(), { kind: "partition", fn: perPartition }), {
        message: /RangeError: partition/,
      });
      const mapped = narrow(origin, "mapPartitions", numbers(), perPartition, false);
      await assert.rejects(runOn(engine, mapped), { message: /RangeError: partition/ });
    }));

  test(`${master}: what is persisted is computed once, until it is let go`, () =>
    onShared(async engine => {
      const kept = lots(5);
      kept.storageLevel = StorageLevel.MEMORY_ONLY;
      const above = narrow(origin, "map", kept, double, false);
      const first = await runOn(engine, above);
      assert.deepEqual(await runOn(engine, above), first);
      assert.deepEqual(
        await runOn(engine, kept),
        first.map(part => (part as number[]).map(x => x / 2)),
      );
      // Partitions of one task kept in several slots: whatever is computed again is a copy of its own.
      const joined = (await runOn(engine, coalesce(origin, kept, 2))).flat();
      assert.equal(joined.length, 5);
      engine.unpersist(kept);
      const again = await runOn(engine, above);
      for (const [i, part] of again.entries()) assert.notDeepEqual(part, first[i]);
    }));

  test(`${master}: a partition is kept whole although only its first record was wanted`, () =>
    onShared(async engine => {
      const kept = narrow(origin, "map", values([1, 2, 3]), () => Math.random(), false);
      kept.storageLevel = StorageLevel.MEMORY_ONLY;
      const [taken] = (await runOn(engine, kept, { kind: "take", limit: 1 })) as number[][];
      const [all] = (await runOn(engine, kept)) as number[][];
      assert.equal(all?.length, 3);
      assert.equal(taken?.[0], all?.[0]);
    }));

  test(`${master}: a local checkpoint forgets its lineage and is found from every slot`, () =>
    onShared(async engine => {
      const checkpoint = localCheckpoint(origin, lots(5));
      const first = await runOn(engine, checkpoint);
      assert.equal(checkpoint.parent, undefined);
      assert.deepEqual(await runOn(engine, checkpoint), first);
      assert.deepEqual((await runOn(engine, coalesce(origin, checkpoint, 2))).flat(), first.flat());
      assert.deepEqual((await runOn(engine, coalesce(origin, checkpoint, 1))).flat(), first.flat());
      const shifted = union(origin, [values([0]), checkpoint]);
      assert.deepEqual(await runOn(engine, shifted), [[0], ...first]);
      const reversed = coalesce(origin, union(origin, [checkpoint, checkpoint]), 5);
      assert.deepEqual((await runOn(engine, reversed)).flat(), [...first, ...first].flat());
    }));

  test(`${master}: a job can be given up before and while it runs`, () =>
    onShared(async engine => {
      const isCancelled = { code: "MR_JOB_CANCELLED", message: /enough/ };
      const aborted = AbortSignal.abort(new Error("enough"));
      await assert.rejects(runOn(engine, numbers(), { kind: "count" }, aborted), isCancelled);
      const endless: readonly PlanNode[] = [
        endlessRange(2),
        sums(endlessRange(2)),
        coalesce(origin, sums(endlessRange(2)), 1),
      ];
      for (const node of endless) {
        const controller = new AbortController();
        const job = runOn(engine, node, { kind: "count" }, controller.signal);
        setImmediate(() => controller.abort(new Error("enough")));
        await assert.rejects(job, isCancelled);
      }
      assert.deepEqual(await runOn(engine, numbers(), { kind: "count" }), [3, 0, 1, 2]);
    }));

  test(`${master}: a job that shares a shuffle with one given up runs it itself`, () =>
    onShared(async engine => {
      const shared = sums(values(Array.from({ length: 200_000 }, (_, i) => i)));
      const controller = new AbortController();
      const first = runOn(engine, shared, { kind: "collect" }, controller.signal);
      const second = runOn(engine, shared);
      setImmediate(() => controller.abort());
      await Promise.allSettled([first]);
      assert.deepEqual((await second).flat().length, 2);
    }));

  test(`${master}: stopping ends what runs, what waits, and what never would`, async () => {
    const never = () => new Promise(() => {});
    const jobs: readonly (readonly [PlanNode, JobSink])[] = [
      [endlessRange(3), { kind: "count" }],
      [sums(endlessRange(3)), { kind: "count" }],
      [numbers(), { kind: "foreach", fn: never }],
      [numbers(), { kind: "partition", fn: never }],
    ];
    for (const [node, sink] of jobs) {
      const engine = testEngine(master);
      const job = runOn(engine, node, sink);
      const outcome = assert.rejects(job, { code: "MR_JOB_CANCELLED" });
      await new Promise(resolve => setImmediate(resolve));
      await engine.stop();
      await outcome;
    }
  });
}

test("failed tasks are tried again as often as the master says", async () => {
  const fn = (_: Iterable<unknown>, task: TaskInfo) => {
    if (task.attempt < 2) throw new Error(`attempt ${task.attempt}`);
    return task.attempt;
  };
  for (const [master, isEnough] of [
    ["local[1,3]", true],
    ["local[2,3]", true],
    ["local[1,2]", false],
    ["local[2,2]", false],
  ] as const) {
    await withEngine(master, async engine => {
      const job = runOn(engine, numbers(), { kind: "partition", fn });
      if (isEnough) assert.deepEqual(await job, [2, 2, 2, 2]);
      else await assert.rejects(job, { message: /a task failed 2 times: Error: attempt 1/ });
    });
  }
});

/** Ends the worker it runs in, at the first try. */
const die = (_: Iterable<unknown>, task: TaskInfo) => {
  if (task.attempt === 0) process.exit(3);
  return "alive";
};

test("a task whose worker died is tried again in a new one", () =>
  withEngine("local[2]", async engine => {
    assert.deepEqual(await runOn(engine, numbers(), { kind: "partition", fn: die }), Array(4).fill("alive"));
  }));

test("a task that takes every thread with it fails its job, and only that", () =>
  withEngine("local[2]", async engine => {
    const fn = () => process.exit(3);
    await assert.rejects(runOn(engine, values([1]), { kind: "partition", fn }), {
      code: "MR_WORKER_LOST",
      message: /^3 worker threads died under one task; .*exited with code 3/,
    });
    assert.deepEqual((await runOn(engine, sums(numbers()))).flat().length, 2);
  }));

test("what a dead worker kept is computed again, what others kept is not", () =>
  withEngine("local[2]", async engine => {
    const kept = lots(4);
    kept.storageLevel = StorageLevel.MEMORY_ONLY;
    const checkpoint = localCheckpoint(origin, lots(2));
    const [first] = await Promise.all([runOn(engine, kept), runOn(engine, checkpoint)]);
    // Runs where partition 1 is kept.
    const job = { node: kept, partitions: [1], sink: { kind: "partition", fn: die }, ...anyJob } as const;
    assert.deepEqual(await engine.run(job), ["alive"]);
    const second = await runOn(engine, kept);
    assert.deepEqual(
      second.map((part, i) => (part as number[])[0] === (first[i] as number[])[0]),
      [true, false, true, false],
    );
    assert.deepEqual(await runOn(engine, kept), second);
    await assert.rejects(runOn(engine, checkpoint), { code: "MR_CHECKPOINT_LOST" });
  }));

test("records and results that are no data cannot leave their thread", () =>
  withEngine("local[2]", async engine => {
    const isUnshippable = { code: "MR_RECORD_UNSHIPPABLE" };
    await assert.rejects(runOn(engine, values([() => 1])), isUnshippable);
    const functions = narrow(origin, "map", numbers(), () => () => 1, false);
    await assert.rejects(runOn(engine, functions), isUnshippable);
    const pairs = narrow(origin, "map", numbers(), (x: number) => [x, () => 1], false);
    await assert.rejects(runOn(engine, shuffle(origin, pairs, new HashPartitioner(2))), isUnshippable);
    assert.deepEqual(await runOn(engine, values([1], [2]), { kind: "count" }), [1, 1]);
  }));

test("a partition function that waits may stand above one that does not, not below it", () =>
  withEngine("local", async engine => {
    const later = narrow(origin, "mapPartitions", numbers(), async (xs: Iterable<number>) => [...xs], false);
    const zipped = zipPartitions(origin, [later, numbers()], (a: Iterable<number>, b: Iterable<number>) => [
      ...a,
      ...b,
    ]);
    assert.deepEqual((await runOn(engine, zipped))[0], [1, 2, 3, 1, 2, 3]);
    const hidden = narrow(
      origin,
      "mapPartitions",
      numbers(),
      (xs: Iterable<number>) => Promise.resolve(xs),
      false,
    );
    const reading = narrow(origin, "mapPartitions", hidden, (xs: Iterable<number>) => [...xs], false);
    await assert.rejects(runOn(engine, reading), { code: "MR_BAD_ARGUMENT", message: /not declared async/ });
  }));

test("a generator that is left early runs its finally", () =>
  withEngine("local", async engine => {
    const events: string[] = [];
    const closing = function* () {
      try {
        for (;;) yield 1;
      } finally {
        events.push("closed");
      }
    };
    const node = narrow(origin, "mapPartitions", values([1]), closing, false);
    assert.deepEqual(await runOn(engine, node, { kind: "take", limit: 3 }), [[1, 1, 1]]);
    assert.deepEqual(events, ["closed"]);
  }));
