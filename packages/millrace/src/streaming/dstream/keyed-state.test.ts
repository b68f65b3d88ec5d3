import assert from "node:assert/strict";
import { test } from "node:test";
import { Time } from "../../common/time/index.ts";
import { HashPartitioner } from "../../plan/index.ts";
import type { State } from "../../task/state/key-state.ts";
import {
  type Batches,
  type BatchesOptions,
  batchesStream,
  manualContext,
  runBatches,
} from "../fixtures/run-batches.ts";
import type { DStream } from "./dstream.ts";
import { StateSpec } from "./state-spec.ts";

type Pairs = readonly (readonly [string, number])[];

const count = (ones: number[], before = 0) => before + ones.length;

/** What a pipeline of pairs of words gives, each batch sorted. */
async function run<R>(
  batches: Batches<string>,
  build: (words: DStream<[string, number]>) => DStream<R>,
  options?: BatchesOptions,
): Promise<R[][]> {
  const outputs = await runBatches<[string], R>(
    [batches],
    words => build(words.map(word => [word, 1])),
    options,
  );
  return outputs.map(batch => batch.sort((a, b) => (String(a) < String(b) ? -1 : 1)));
}

test("updateStateByKey calls the function for every key in every batch", async () => {
  const outputs = await run([["a", "b"], null, ["a"], []], words =>
    words.updateStateByKey((ones, state: readonly number[] = []) => [...state, ones.length]),
  );
  assert.deepEqual(outputs, [
    [
      ["a", [1]],
      ["b", [1]],
    ],
    [
      ["a", [1, 0]],
      ["b", [1, 0]],
    ],
    [
      ["a", [1, 0, 1]],
      ["b", [1, 0, 0]],
    ],
    [
      ["a", [1, 0, 1, 0]],
      ["b", [1, 0, 0, 0]],
    ],
  ]);
});

test("a key goes when the function answers undefined or null, and can come back", async () => {
  const drop = (ones: number[], before: number | undefined) => {
    if (ones.length > 0) return (before ?? 0) + 1;
    return before === 2 ? null : undefined;
  };
  const outputs = await run([["a", "b"], ["a"], [], ["a"]], words => words.updateStateByKey(drop));
  assert.deepEqual(outputs, [
    [
      ["a", 1],
      ["b", 1],
    ],
    [["a", 2]],
    [],
    [["a", 1]],
  ]);
});

for (const initial of ["pairs", "an RDD"]) {
  test(`initial states as ${initial} are used by the first batch that has an RDD`, async () => {
    const outputs = await run([null, ["a"], ["b"]], words => {
      const pairs: [string, number][] = [
        ["a", 10],
        ["c", 7],
      ];
      const given = initial === "pairs" ? pairs : words.context.sparkContext.parallelize(pairs);
      return words.updateStateByKey(count, { initial: given });
    });
    assert.deepEqual(outputs, [
      [
        ["a", 11],
        ["c", 7],
      ],
      [
        ["a", 11],
        ["b", 1],
        ["c", 7],
      ],
    ]);
  });
}

test("the variant timed is told time and key", async () => {
  const outputs = await run([["a"], []], words =>
    words.updateStateByKey(
      (time, key, ones, state: string = "") => `${state}${time.milliseconds}${key}${ones.length};`,
      { variant: "timed" },
    ),
  );
  assert.deepEqual(outputs, [[["a", "1000a1;"]], [["a", "1000a1;2000a0;"]]]);
});

for (const rememberPartitioner of [true, false]) {
  test(`the variant iterator sees a partition, rememberPartitioner ${rememberPartitioner}`, async () => {
    const partitioners: unknown[] = [];
    const outputs = await run([["a", "b"], ["a"], []], words => {
      const states = words.updateStateByKey<string, number>(
        function* (entries) {
          for (const [key, ones, state = 0] of entries) if (state < 2) yield [key, state + ones.length];
        },
        { variant: "iterator", rememberPartitioner, numPartitions: 3 },
      );
      states.foreachRDD(rdd => {
        partitioners.push(rdd.partitioner?.numPartitions);
      });
      return states;
    });
    assert.deepEqual(outputs, [
      [
        ["a", 1],
        ["b", 1],
      ],
      [
        ["a", 2],
        ["b", 1],
      ],
      [["b", 1]],
    ]);
    assert.deepEqual(new Set(partitioners), new Set([rememberPartitioner ? 3 : undefined]));
  });
}

test("keys the iterator renames are found again by their new names", async () => {
  const outputs = await run([["a", "b"], ["a!", "b!"], []], words =>
    words.updateStateByKey<string, number>(
      entries =>
        Array.from(entries, ([key, ones, state = 0]) => [
          key.endsWith("!") ? key : `${key}!`,
          state + ones.length,
        ]),
      { variant: "iterator", rememberPartitioner: false, numPartitions: 4 },
    ),
  );
  assert.deepEqual(outputs, [
    [
      ["a!", 1],
      ["b!", 1],
    ],
    [
      ["a!", 2],
      ["b!", 2],
    ],
    [
      ["a!", 2],
      ["b!", 2],
    ],
  ]);
});

test("a function may change the state it is given in place", async () => {
  const outputs = await run([["a"], ["a", "b"], []], words =>
    words
      .updateStateByKey((ones, state: { n: number } = { n: 0 }) => {
        state.n += ones.length;
        return state;
      })
      .window("2s"),
  );
  assert.deepEqual(outputs, [
    [["a", { n: 1 }]],
    [
      ["a", { n: 1 }],
      ["a", { n: 2 }],
      ["b", { n: 1 }],
    ],
    [
      ["a", { n: 2 }],
      ["a", { n: 2 }],
      ["b", { n: 1 }],
      ["b", { n: 1 }],
    ],
  ]);
});

const running = StateSpec.function((word: string, one: number | undefined, state: State<number>) => {
  state.update((state.getOption() ?? 0) + (one ?? 0));
  return `${word}${state.get()}`;
});

test("mapWithState emits once per record and shows all states", async () => {
  const snapshots: unknown[] = [];
  const emitted = await run([["a", "a", "b"], null, ["a"]], words => {
    const mapped = words.mapWithState(running);
    mapped.stateSnapshots().foreachRDD(async rdd => {
      assert.ok(rdd.partitioner instanceof HashPartitioner);
      snapshots.push((await rdd.collect()).sort());
    });
    return mapped;
  });
  assert.deepEqual(emitted, [["a1", "a2", "b1"], [], ["a3"]]);
  assert.deepEqual(snapshots, [
    [
      ["a", 2],
      ["b", 1],
    ],
    [
      ["a", 2],
      ["b", 1],
    ],
    [
      ["a", 3],
      ["b", 1],
    ],
  ]);
});

test("a function with four parameters is told the time, and emits what is not undefined", async () => {
  const spec = StateSpec.function((time: Time, key: string, _: number | undefined, state: State<number>) => {
    assert.ok(time instanceof Time);
    if (state.exists()) return `${key} again at ${time.milliseconds}`;
    state.update(1);
    return undefined;
  });
  assert.deepEqual(await run([["a"], ["a", "b"], ["b"]], words => words.mapWithState(spec)), [
    [],
    ["a again at 2000"],
    ["b again at 3000"],
  ]);
});

test("initial states, partitions, and removal", async () => {
  const spec = StateSpec.function((key: string, _: number | undefined, state: State<number>) => {
    if (state.exists() && state.get() > 1) {
      state.remove();
      return `${key} gone`;
    }
    state.update((state.getOption() ?? 0) + 1);
    return `${key} ${state.get()}`;
  }).initialState([["b", 5]]);
  const outputs = await run([["b"], ["a", "b"], ["a"], ["a"]], words =>
    words.mapWithState(spec.numPartitions(3)),
  );
  assert.deepEqual(outputs, [["b gone"], ["a 1", "b 1"], ["a 2"], ["a gone"]]);
});

test("keys time out at checkpoints, strictly after the timeout, once", async () => {
  const spec = StateSpec.function((key: string, one: number | undefined, state: State<number>) => {
    if (state.isTimingOut()) return `${key} timed out at ${state.get()}`;
    state.update((state.getOption() ?? 0) + (one ?? 0));
    return undefined;
  }).timeout("3s");
  const quiet: string[][] = [["a", "b"], ["a"], ["a"], ["b"], ["c"], [], [], [], []];
  const outputs = await run(quiet, words =>
    words
      .mapWithState(spec)
      .checkpoint("2s")
      .filter(text => text !== undefined),
  );
  // a was last seen at 3 s, b at 4 s, c at 5 s; looked for at 2, 4, 6 and 8 s.
  assert.deepEqual(outputs, [[], [], [], [], [], [], [], ["a timed out at 3", "b timed out at 2"], []]);
});

test("without a checkpoint interval of one's own time-outs are looked for every 10 slides", async () => {
  const spec = StateSpec.function((key: string, _: number | undefined, state: State<number>) => {
    if (!state.isTimingOut()) state.update(0);
    return state.isTimingOut() ? key : "";
  }).timeout("1s");
  const outputs = await run([["a"], ...Array.from({ length: 10 }, () => [])], words =>
    words.mapWithState(spec),
  );
  assert.deepEqual(
    outputs.map(batch => batch.join()),
    ["", "", "", "", "", "", "", "", "", "a", ""],
  );
});

test("a function that throws leaves the state as it was: the batch can be made up for", async () => {
  const { ssc, clock } = manualContext(1000, { conf: { "spark.streaming.failure.policy": "continue" } });
  ssc.checkpoint("unused");
  const gate = { isOpen: false };
  const words = batchesStream(ssc, [["a"], ["a", "b", "bad"], ["a"]]);
  const outputs: unknown[] = [];
  words
    .map(word => [word, 1])
    .mapWithState(
      StateSpec.function((word: string, _: number | undefined, state: State<number>) => {
        if (word === "bad" && !gate.isOpen) throw new Error("bad");
        state.update((state.getOption() ?? 0) + 1);
        return `${word}${state.get()}`;
      }),
    )
    .foreachRDD(async rdd => {
      outputs.push((await rdd.collect()).sort());
    });
  await ssc.start();
  for (let i = 0; i < 3; i++) {
    clock.advance(1000);
    await ssc.whenIdle();
    if (i === 1) gate.isOpen = true;
  }
  await assert.rejects(ssc.awaitTermination(), { code: "MR_STREAMING_JOB_FAILED" });
  await ssc.stop();
  assert.deepEqual(outputs, [["a1"], ["a3"]]);
});

test("[case 38] a state stream remembers twice its checkpoint interval", async () => {
  let times: number[] = [];
  let states: DStream<[string, number]> | undefined;
  await run(
    Array.from({ length: 10 }, () => ["a"]),
    words => {
      states = words.updateStateByKey(count).checkpoint("3s");
      return states;
    },
    {
      inspect: () => {
        times = [...(states?.node.generatedRDDs.keys() ?? [])];
        assert.equal(states?.node.rememberMs, 6000);
      },
    },
  );
  assert.ok(times.includes(10_000) && !times.includes(4000), String(times));
});

test("a long run keeps nothing of the versions it forgot", async () => {
  const batches = Array.from({ length: 60 }, (_, i) => [`w${i % 7}`, `v${i}`]);
  const outputs = await run(batches, words => words.mapWithState(running).window("3s"));
  assert.equal(outputs.at(-1)?.length, 6);
});

const twoWorkers: BatchesOptions = { master: "local[2]", partitions: 3 };

test("the same on local[2] with other partitions", async () => {
  const emitted = await run([["a", "a", "b"], ["a"], []], words => words.mapWithState(running), twoWorkers);
  assert.deepEqual(emitted, [["a1", "a2", "b1"], ["a3"], []]);
  const states = await run(
    [["a", "a", "b"], ["a"], []],
    words => words.updateStateByKey(count, 5),
    twoWorkers,
  );
  const expected: Pairs[] = [
    [
      ["a", 2],
      ["b", 1],
    ],
    [
      ["a", 3],
      ["b", 1],
    ],
    [
      ["a", 3],
      ["b", 1],
    ],
  ];
  assert.deepEqual(states, expected);
});

test("state needs a checkpoint directory, a StateSpec and known options", async () => {
  const { ssc } = manualContext();
  const pairs = batchesStream<[string, number]>(ssc, []);
  pairs.updateStateByKey(count).print();
  await assert.rejects(ssc.start(), { code: "MR_STREAMING_CHECKPOINT", operator: "updateStateByKey" });
  const other = manualContext();
  const more = batchesStream<[string, number]>(other.ssc, []);
  assert.throws(() => more.mapWithState((() => 1) as never), { code: "MR_BAD_ARGUMENT" });
  assert.throws(() => more.updateStateByKey(count, { inital: [] } as never), { code: "MR_BAD_ARGUMENT" });
  assert.throws(() => more.updateStateByKey(count, { variant: "fast" } as never), {
    code: "MR_BAD_ARGUMENT",
  });
  await ssc.stop();
  await other.ssc.stop();
});

test("a program may checkpoint the RDDs that show a state", async () => {
  const outputs = await run([["a"], ["a", "b"], [], ["a"]], words => {
    words.context.sparkContext.setCheckpointDir("saved");
    const sums = words.mapWithState(
      StateSpec.function((key: string, one: number | undefined, state: State<number>) => {
        state.update((state.getOption() ?? 0) + (one ?? 0));
        return `${key}${state.get()}`;
      }),
    );
    for (const shown of [sums, sums.stateSnapshots()]) {
      shown.foreachRDD(async rdd => {
        rdd.checkpoint();
        rdd.localCheckpoint();
        await rdd.count();
      });
    }
    return sums;
  });
  assert.deepEqual(outputs, [["a1"], ["a2", "b1"], [], ["a3"]]);
});
