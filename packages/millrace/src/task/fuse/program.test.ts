import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { AggregationTable } from "../aggregation-table.ts";
import type { Chunk } from "../chunk.ts";
import { encodeBlock, oneByteTexts } from "../codec/columns.ts";
import { type FusedStep, fusedLoop, type LoopState } from "./program.ts";

type Step = FusedStep & { readonly fn: (value: never) => unknown };
interface OutState extends LoopState {
  readonly out: unknown[];
  readonly limit: number;
}

/** What the steps make of records, one step after the other, lazily: the obvious way. */
function* interpret(records: Iterable<unknown>, steps: readonly Step[]): Generator<unknown> {
  const [step, ...rest] = steps;
  if (step === undefined) {
    yield* records;
    return;
  }
  yield* interpret(apply(step, records), rest);
}

function* apply({ kind, fn }: Step, records: Iterable<unknown>): Generator<unknown> {
  const call = fn as (value: unknown) => unknown;
  for (const record of records) {
    const [key, value] = Array.isArray(record) ? record : [];
    switch (kind) {
      case "map":
        yield call(record);
        break;
      case "filter":
        if (call(record)) yield record;
        break;
      case "flatMap":
        yield* call(record) as Iterable<unknown>;
        break;
      case "mapValues":
        yield [key, call(value)];
        break;
      case "flatMapValues":
        for (const item of call(value) as Iterable<unknown>) yield [key, item];
    }
  }
}

function* countingFrom(start: number): Generator<number> {
  for (let i = start; ; i++) yield i;
}

function* few(value: unknown): Generator<unknown> {
  yield value;
  yield [value, 1];
}

const size = (value: unknown): number => JSON.stringify(value)?.length ?? 0;

/** Steps that take any record. */
const anySteps: Readonly<Record<string, Step>> = {
  "map to its size": { kind: "map", fn: (x: unknown) => size(x) },
  "map to a pair": { kind: "map", fn: (x: unknown) => [size(x) % 3, x] },
  "filter by size": { kind: "filter", fn: (x: unknown) => size(x) % 2 === 0 },
  "flatMap to an array": { kind: "flatMap", fn: (x: unknown) => Array(size(x) % 4).fill(x) },
  "flatMap to a string": { kind: "flatMap", fn: (x: unknown) => "😀ab".slice(0, 2 + (size(x) % 3)) },
  "flatMap to a set": { kind: "flatMap", fn: (x: unknown) => new Set([1, size(x)]) },
  "flatMap to a generator": { kind: "flatMap", fn: (x: unknown) => few(x) },
  "flatMap to a map": { kind: "flatMap", fn: (x: unknown) => new Map([["k", x]]) },
  "flatMap to bytes": { kind: "flatMap", fn: (x: unknown) => new Uint8Array(size(x) % 3) },
  "flatMap to much": { kind: "flatMap", fn: (x: unknown) => countingUpTo(size(x) % 7 === 0 ? 1100 : 1) },
};
const pairSteps: Readonly<Record<string, Step>> = {
  mapValues: { kind: "mapValues", fn: (x: unknown) => [x] },
  "mapValues to its size": { kind: "mapValues", fn: (x: unknown) => size(x) },
  "flatMapValues to an array": { kind: "flatMapValues", fn: (x: unknown) => [x, x] },
  "flatMapValues to a generator": { kind: "flatMapValues", fn: (x: unknown) => few(x) },
  "flatMapValues to nothing": { kind: "flatMapValues", fn: (x: unknown) => (size(x) % 2 === 0 ? [] : "x") },
};

function* countingUpTo(end: number): Generator<number> {
  for (let i = 0; i < end; i++) yield i;
}

/** What loops do without an array of the pieces when they know that records are strings. */
const cut: Step = { kind: "flatMap", fn: (text: string) => text.split(" ") };

/** Chains of steps in which pair steps are given pairs only. */
const chains = fc
  .array(fc.constantFrom(...Object.keys(anySteps), ...Object.keys(pairSteps)), { maxLength: 5 })
  .map(names => {
    const steps: Step[] = [];
    let pairs = false;
    for (const name of names) {
      const step = anySteps[name] ?? (pairSteps[name] as Step);
      if (name in pairSteps && !pairs) steps.push(anySteps["map to a pair"] as Step);
      steps.push(step);
      pairs =
        name in pairSteps ||
        name === "map to a pair" ||
        name === "flatMap to a map" ||
        (pairs && step.kind === "filter");
    }
    return steps;
  });

const ascii = fc.array(fc.string({ unit: fc.constantFrom("a", "b", " "), maxLength: 6 }), { maxLength: 8 });

function chunkOf(
  kind: Exclude<Chunk["kind"], "range">,
  texts: readonly string[],
): { chunk: Chunk; records: unknown[] } {
  switch (kind) {
    case "values":
      // The ends of a slice belong to somebody else.
      return {
        chunk: { kind, values: ["no", ...texts, "no"], from: 1, to: texts.length + 1 },
        records: [...texts],
      };
    case "pairs":
      return {
        chunk: {
          kind,
          keys: [0, ...texts.map(size)],
          values: ["no", ...texts],
          from: 1,
          to: texts.length + 1,
        },
        records: texts.map(text => [size(text), text]),
      };
    case "texts": {
      const all = ["no", ...texts];
      const lengths = Uint32Array.from(all, text => text.length);
      const chunk: Chunk = {
        kind,
        bytes: Buffer.from(all.join("")),
        lengths,
        start: 2,
        from: 1,
        to: all.length,
      };
      return { chunk, records: [...texts] };
    }
    case "lines": {
      const bytes = Buffer.from(`no\n${texts.map(text => `${text}\n`).join("")}`);
      return { chunk: { kind, bytes, from: 3, to: bytes.length, isAscii: true }, records: [...texts] };
    }
  }
}

test("generated loops do what an interpreter does", () => {
  fc.assert(
    fc.property(
      fc.constantFrom<"values" | "pairs" | "lines" | "texts">("values", "pairs", "lines", "texts"),
      ascii,
      chains,
      fc.integer({ min: 1, max: 12 }),
      fc.boolean(),
      (kind, texts, chain, limit, cuts) => {
        const steps = cuts && kind !== "pairs" ? [cut, ...chain] : chain;
        const { chunk, records } = chunkOf(kind, texts);
        const expected = [...interpret(records, steps)];
        const emitted: OutState = { at: -1, out: [], limit };
        assert.equal(fusedLoop<OutState>(steps, "emit")(chunk, emitted), false);
        assert.deepStrictEqual(emitted.out, expected);

        const counted = { at: -1, count: 10 };
        fusedLoop<typeof counted>(steps, "count")(chunk, counted);
        assert.equal(counted.count, 10 + expected.length);

        const taken: OutState = { at: -1, out: [], limit };
        assert.equal(fusedLoop<OutState>(steps, "take")(chunk, taken), expected.length >= limit);
        assert.deepStrictEqual(taken.out, expected.slice(0, limit));

        const reduced = { at: -1, has: true, value: "start" };
        const join = (a: string, b: unknown) => `${a}|${JSON.stringify(b)}`;
        fusedLoop<typeof reduced>(steps, "reduce", join)(chunk, reduced);
        assert.equal(reduced.value, expected.reduce(join, "start"));
      },
    ),
    { numRuns: 400 },
  );
});

const values = (...items: unknown[]): Chunk => ({ kind: "values", values: items, from: 0, to: items.length });

test("endless iterables are left when enough was taken, and told so", () => {
  let returned = 0;
  const endless = () => {
    const numbers = countingFrom(0);
    return {
      [Symbol.iterator]: () => ({
        next: () => numbers.next(),
        return: () => {
          returned += 1;
          return { done: true as const, value: undefined };
        },
      }),
    };
  };
  const state: OutState = { at: -1, out: [], limit: 600 };
  const steps: Step[] = [
    { kind: "flatMap", fn: endless },
    { kind: "flatMap", fn: endless },
    { kind: "map", fn: (x: number) => x * 2 },
  ];
  assert.equal(fusedLoop<OutState>(steps, "take")(values(1, 2), state), true);
  assert.deepEqual([state.out.length, state.out.at(-1), returned], [600, 1198, 2]);
});

test("an iterable is told when what follows throws, not when it threw or ended itself", () => {
  let closed = 0;
  const source = function* (count: number) {
    try {
      for (let i = 0; i < count; i++) yield i;
    } finally {
      closed += 1;
    }
  };
  const fail = () => {
    throw new RangeError("mine");
  };
  const steps: Step[] = [
    { kind: "flatMap", fn: source },
    { kind: "map", fn: fail },
  ];
  const state: OutState = { at: -1, out: [], limit: 1 };
  assert.throws(() => fusedLoop<OutState>(steps, "emit")(values(5000), state), RangeError);
  assert.deepEqual([state.at, closed], [1, 1]);
  fusedLoop<OutState>(steps.slice(0, 1), "emit")(values(3), state);
  assert.equal(closed, 2);
});

function* failingAfter(count: number): Generator<number> {
  for (let i = 0; i < count; i++) yield i;
  throw new RangeError("late");
}

const passOn = (x: unknown) => x;
const fail = () => {
  throw new RangeError("mine");
};

/** Which step is to blame: the chain, the records, and the position of the step. */
const blames: readonly (readonly [
  name: string,
  steps: readonly Step[],
  records: readonly unknown[],
  at: number,
])[] = [
  ["map", [{ kind: "map", fn: fail }], [1], 0],
  [
    "the second of two",
    [
      { kind: "map", fn: passOn },
      { kind: "filter", fn: fail },
    ],
    [1],
    1,
  ],
  ["flatMap's call", [{ kind: "flatMap", fn: fail }], [1], 0],
  [
    "flatMap's iterable at once",
    [
      { kind: "flatMap", fn: () => failingAfter(0) },
      { kind: "map", fn: passOn },
    ],
    [1],
    0,
  ],
  [
    "flatMap's iterable later",
    [
      { kind: "flatMap", fn: () => failingAfter(1000) },
      { kind: "map", fn: passOn },
    ],
    [1],
    0,
  ],
  [
    "what is not iterable",
    [
      { kind: "map", fn: passOn },
      { kind: "flatMap", fn: passOn },
    ],
    [7],
    1,
  ],
  ["nothing returned", [{ kind: "flatMap", fn: () => undefined }], [7], 0],
  ["an object returned", [{ kind: "flatMap", fn: () => ({ a: 1 }) }], [7], 0],
  [
    "mapValues on no pair",
    [
      { kind: "map", fn: passOn },
      { kind: "mapValues", fn: passOn },
    ],
    [7],
    1,
  ],
  [
    "mapValues on no pair, first",
    [
      { kind: "mapValues", fn: passOn },
      { kind: "map", fn: passOn },
    ],
    ["ab"],
    0,
  ],
  [
    "mapValues on a later record",
    [
      { kind: "mapValues", fn: passOn },
      { kind: "map", fn: passOn },
    ],
    [[1, 2], "ab"],
    0,
  ],
  ["flatMapValues' result", [{ kind: "flatMapValues", fn: () => 5 }], [[1, 2]], 0],
  [
    "flatMapValues' function",
    [
      { kind: "mapValues", fn: passOn },
      { kind: "flatMapValues", fn: fail },
    ],
    [[1, 2]],
    1,
  ],
];

for (const [name, steps, records, at] of blames) {
  test(`blames ${name}`, () => {
    const state: OutState = { at: 77, out: [], limit: 1 };
    assert.throws(() => fusedLoop<OutState>(steps, "emit")(values(...records), state));
    assert.equal(state.at, at);
  });
}

test("wrong returns and records are coded errors", () => {
  const run = (step: Step, record: unknown) => () =>
    fusedLoop<OutState>([step], "emit")(values(record), { at: -1, out: [], limit: 1 });
  assert.throws(run({ kind: "flatMap", fn: () => 5 }, 1), {
    code: "MR_BAD_ARGUMENT",
    message: /iterable, got 5/,
  });
  assert.throws(run({ kind: "flatMap", fn: () => null }, 1), {
    code: "MR_BAD_ARGUMENT",
    message: /got null/,
  });
  assert.throws(run({ kind: "mapValues", fn: passOn }, { a: 1 }), {
    code: "MR_NOT_A_PAIR",
    message: /Object/,
  });
  assert.throws(run({ kind: "mapValues", fn: passOn }, Object.create(null)), { code: "MR_NOT_A_PAIR" });
});

const scatterState = (answer: unknown) => ({
  at: 5,
  buckets: [0, 1].map(() => ({ keys: [] as unknown[], values: [] as unknown[] })),
  partitioner: { numPartitions: 2, getPartition: () => answer as number },
});

test("scatter deals records out and refuses wrong answers of a partitioner", () => {
  const state = scatterState(1);
  fusedLoop<typeof state>([], "scatter")(values([1, 2], [3, 4]), state);
  assert.deepEqual(state.buckets, [
    { keys: [], values: [] },
    { keys: [1, 3], values: [2, 4] },
  ]);
  for (const wrong of [-1, 2, 0.5, Number.NaN, "1", undefined]) {
    const failing = scatterState(wrong);
    const run = () =>
      fusedLoop<typeof state>([{ kind: "map", fn: passOn }], "scatter")(values([1, 2]), failing);
    assert.throws(run, { code: "MR_PARTITIONER" });
    assert.equal(failing.at, -1);
  }
  const notPairs = scatterState(0);
  assert.throws(() => fusedLoop<typeof state>([], "scatter")(values(1), notPairs), { code: "MR_NOT_A_PAIR" });
  assert.equal(notPairs.at, -1);
});

/** Which generated loop ran: it is on the stack. */
function loopName(fn: () => unknown): string {
  const step: Step = { kind: "map", fn };
  try {
    fusedLoop<OutState>([step], "emit")(values(1), { at: -1, out: [], limit: 1 });
  } catch (error) {
    return /fusedLoop\d+/.exec((error as Error).stack ?? "")?.[0] ?? "";
  }
  return "";
}

test("closures of one expression share a loop; other code gets its own", () => {
  const failing = (message: string) => () => {
    throw new Error(message);
  };
  const first = loopName(failing("a"));
  assert.match(first, /^fusedLoop\d+$/);
  assert.equal(loopName(failing("b")), first);
  assert.notEqual(
    loopName(() => Promise.reject(failing("c")())),
    first,
  );
});

test("the cache of programs is bounded: the least recently used goes", () => {
  const failing = (text: string) => new Function(`throw new Error(); // ${text}`) as () => unknown;
  const [kept, dropped] = [failing("kept"), failing("dropped")];
  const names = [loopName(kept), loopName(dropped)];
  for (let i = 0; i < 600; i++) {
    loopName(failing(String(i)));
    loopName(kept);
  }
  assert.equal(loopName(kept), names[0]);
  assert.notEqual(loopName(dropped), names[1]);
});

test("a loop made once runs chunks of every kind", () => {
  const loop = fusedLoop<OutState>([{ kind: "map", fn: (x: unknown) => String(x) }], "emit");
  const state: OutState = { at: -1, out: [], limit: 1 };
  for (const kind of ["values", "pairs", "lines", "values"] as const) loop(chunkOf(kind, ["a"]).chunk, state);
  assert.deepEqual(state.out, ["a", "3,a", "a", "a"]);
});

test("numbers of a range are computed in the loop; to count them nothing is looked at", () => {
  const chunk: Chunk = { kind: "range", start: 10, step: -2, from: 1, to: 4 };
  const collected = { at: -1, out: [] as unknown[] };
  fusedLoop<typeof collected>([{ kind: "map", fn: (n: number) => n + 1 }], "emit")(chunk, collected);
  assert.deepEqual(collected.out, [9, 7, 5]);
  const counted = { at: -1, count: 2 };
  fusedLoop<typeof counted>([], "count")(chunk, counted);
  assert.equal(counted.count, 5);
});

test("values of which one is no string are cut by the function itself", () => {
  const own = { split: () => ["own"] };
  const state: OutState = { at: -1, out: [], limit: 0 };
  fusedLoop<OutState>([cut], "emit")(values("a b", own, ""), state);
  assert.deepEqual(state.out, ["a", "b", "own", ""]);
});

const anyTexts = fc.array(
  fc.string({ unit: fc.constantFrom("a", "b", " ", " ", "é", "ÿ", "Ā", "😀", "abcdefghijkl"), maxLength: 9 }),
  { maxLength: 8 },
);

/** Every form in which these texts may reach a loop. */
function chunksOf(texts: readonly string[]): Chunk[] {
  const bytes = Buffer.from(texts.map(text => `${text}\n`).join(""));
  const isAscii = bytes.every(byte => byte < 128);
  // The last line may lack its end, unless it is empty: then there would be no line.
  const to = texts.at(-1) === "" ? bytes.length : Math.max(0, bytes.length - 1);
  const encoded = oneByteTexts(encodeBlock({ kind: "records", records: texts }));
  return [
    values(...texts),
    { kind: "lines", bytes, from: 0, to: bytes.length, isAscii },
    { kind: "lines", bytes, from: 0, to, isAscii },
    ...(encoded === undefined
      ? []
      : [
          {
            kind: "texts",
            bytes: encoded.characters,
            lengths: encoded.lengths,
            start: 0,
            from: 0,
            to: texts.length,
          } as const,
        ]),
  ];
}

test("words are counted alike, whether or not they become strings", () => {
  const splits: readonly Step["fn"][] = [
    (line: string) => line.split(" "),
    (line: string) => line.split("é"),
  ];
  const pairs: readonly Step["fn"][] = [word => [word, 2], (word: string) => [word, 1 + 1]];
  const property = fc.property(
    anyTexts,
    fc.constantFrom(...splits),
    fc.constantFrom(...pairs),
    fc.boolean(),
    (texts, split, pair, chooses) => {
      const steps: Step[] = [
        ...(chooses ? [{ kind: "filter" as const, fn: (line: string) => line.length !== 3 }] : []),
        { kind: "flatMap", fn: split },
        { kind: "map", fn: pair },
      ];
      const expected = [...interpret(texts, steps)] as [string, number][];
      const counts = new Map<string, number>();
      for (const [word, one] of expected) counts.set(word, (counts.get(word) ?? 0) + one);
      for (const chunk of chunksOf(texts)) {
        const emitted: OutState = { at: -1, out: [], limit: 0 };
        fusedLoop<OutState>(steps, "emit")(chunk, emitted);
        assert.deepStrictEqual(emitted.out, expected);
        const table = new AggregationTable(7);
        const state = { at: -1, table, owned: false };
        fusedLoop<typeof state>(steps, "combine", (a: number, b: number) => a + b, undefined)(chunk, state);
        assert.deepStrictEqual(
          table.keys.map((key, i) => [key, table.values[i]]),
          [...counts],
        );
      }
    },
  );
  fc.assert(property, { numRuns: 400 });
});
