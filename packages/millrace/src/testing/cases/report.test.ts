import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import type { ReferenceCase } from "./reference-case.ts";
import { reportCases, reportSkips } from "./report.ts";
import { skipRules } from "./skips.ts";

type Fields = Partial<ReferenceCase>;

const stream = { kind: "dstream", batchMs: 1000, partitions: 2, inputs: [[1, 2], [3]] };
const rdd = { kind: "rdd", executable: true };

/** Cases as the files have them, and what the line of the failure says; no text: the case passes. */
const table: readonly [name: string, fields: Fields, failure?: RegExp][] = [
  ["stream", { ...stream, build: "s=>s.map(x=>x+1)", expected: [[2, 3], [4]] }],
  [
    "wrong",
    { ...stream, build: "s=>s.map(x=>x+1)", expected: [[2, 3], [5]] },
    /\[ 5 \] \], actual .*\[ 4 \] \]/,
  ],
  [
    "one too few",
    { ...stream, build: "s=>s", expected: [[1, 2]] },
    /expected \[ \[ 1, 2 \] \], actual \[ \[ 1, 2 \], \[ 3 \] \]/,
  ],
  ["batches past the end", { ...stream, numBatches: 3, build: "s=>s", expected: [[1, 2], [3], []] }],
  ["order", { ...stream, build: "s=>s", expected: [[2, 1], [3]] }, /\[ 2, 1 \]/],
  ["any order", { ...stream, build: "s=>s", expected: [[2, 1], [3]], ordered: false }],
  [
    "any order, counted",
    { ...stream, inputs: [[1, 1, 2]], build: "s=>s", expected: [[1, 2, 2]], ordered: false },
    /1, 2, 2/,
  ],
  ["no RDD", { ...stream, inputs: [[1], null, [2]], build: "s=>s", expected: [[1], [2]] }],
  [
    "two inputs",
    { ...stream, inputs2: [[9]], build: "(a,b)=>a.union(b)", expected: [[1, 2, 9], [3]], ordered: false },
  ],
  [
    "absent values",
    {
      ...stream,
      inputs: [[["a", 1]]],
      inputs2: [[["b", 2]]],
      build: "(a,b)=>a.fullOuterJoin(b)",
      expected: [
        [
          ["a", [1, null]],
          ["b", [null, 2]],
        ],
      ],
      ordered: false,
    },
  ],
  [
    "slide",
    {
      ...stream,
      numBatches: 4,
      build: "s=>s.window(4000,2000)",
      expected: [
        [1, 2, 3],
        [1, 2, 3],
      ],
    },
  ],
  [
    "queue, filled outputs only",
    { ...stream, source: "queueStream", collect: "nonEmpty", build: "s=>s.filter(x=>x>2)", expected: [[3]] },
  ],
  [
    "queue that never fills",
    { ...stream, source: "queueStream", collect: "nonEmpty", build: "s=>s.filter(x=>x>9)", expected: [[3]] },
    /expected \[ \[ 3 \] \], actual \[\]/,
  ],
  [
    "filled outputs of a window, in batches past the end",
    {
      ...stream,
      source: "queueStream",
      collect: "nonEmpty",
      batchMs: 500,
      build: "s=>s.window(2000,1000)",
      expected: [
        [1, 2, 3],
        [1, 2, 3],
      ],
    },
  ],
  [
    "snapshots",
    {
      ...stream,
      build: "s=>Object.assign(s.map(x=>x+1),{stateSnapshots(){return s.map(x=>-x)}})",
      expected: [[2, 3], [4]],
      expectedSnapshots: [[-2, -1], [-3]],
    },
  ],
  [
    "wrong snapshots",
    {
      ...stream,
      build: "s=>Object.assign(s.map(x=>x+1),{stateSnapshots(){return s}})",
      expected: [[2, 3], [4]],
      expectedSnapshots: [[1], [3]],
    },
    /expected \[ \[ 1 \], \[ 3 \] \]/,
  ],
  [
    "throws",
    { ...stream, build: "s=>s.map(x=>x.y.z)", expected: [] },
    /expected no error, actual threw .*TypeError/,
  ],
  [
    "cannot be declared",
    { ...stream, build: "s=>s.window(1500)", expected: [] },
    /threw IllegalArgumentException/,
  ],
  ["no text of a program", { ...stream, build: "s=>", expected: [] }, /threw SyntaxError/],
  ["makes no stream", { ...stream, build: "s=>1", expected: [] }, /makes no DStream/],

  [
    "error as expected",
    {
      ...stream,
      kind: "dstream-error",
      build: "s=>s.map(x=>{throw new RangeError('far')})",
      expectedError: "RangeError",
    },
  ],
  [
    "error while generating",
    { ...stream, kind: "dstream-error", build: "s=>s.transform(()=>null)", expectedError: "SparkException" },
  ],
  [
    "another error",
    { ...stream, kind: "dstream-error", build: "s=>s.map(x=>x.y.z)", expectedError: "RangeError" },
    /expected RangeError, actual threw .*TypeError/,
  ],
  [
    "no error",
    { ...stream, kind: "dstream-error", build: "s=>s", expectedError: "Exception" },
    /expected Exception, actual awaitTermination goes on/,
  ],

  ["value", { ...rdd, build: "sc.parallelize([1,2,3],2).count()", expected: 3 }],
  [
    "wrong value",
    { ...rdd, build: "sc.parallelize([1,2,3],2).count()", expected: 4 },
    /expected 4, actual 3/,
  ],
  ["part of a value", { ...rdd, build: "sc.range(0,9).take(4).length", expected: 4 }],
  ["RDD", { ...rdd, build: "sc.parallelize([3,1],2).map(x=>x*2)", expected: [2, 6], ordered: false }],
  [
    "RDD in order",
    { ...rdd, build: "sc.parallelize([3,1],2)", expected: [1, 3] },
    /expected \[ 1, 3 \], actual \[ 3, 1 \]/,
  ],
  ["refused", { ...rdd, build: "sc.parallelize([1],0)", expectedError: "IllegalArgumentException" }],
  [
    "not refused",
    { ...rdd, build: "sc.parallelize([1],1)", expectedError: "IllegalArgumentException" },
    /actual no error/,
  ],
  [
    "refused otherwise",
    { ...rdd, build: "sc.parallelize([],1).first()", expectedError: "IllegalArgumentException" },
    /actual threw UnsupportedOperationException/,
  ],
  [
    "files",
    {
      ...rdd,
      build: "(sc.parallelize([1],1).saveAsTextFile(TMP+'/a'),sc.textFile(TMP+'/a').collect())",
      expected: ["1"],
    },
  ],

  ["call", { kind: "unit", op: "Duration.plus", args: [100, 50], expected: 150 }],
  [
    "wrong call",
    { kind: "unit", op: "Time.floor", args: [1350, 200], expected: 1300 },
    /expected 1300, actual Time.*1200/,
  ],
  [
    "call refused",
    { kind: "unit", op: "conf time as ms", args: ["soon"], expectedError: "NumberFormatException" },
  ],
  [
    "call not refused",
    { kind: "unit", op: "conf time as ms", args: ["1"], expectedError: "NumberFormatException" },
    /no error/,
  ],
  [
    "first batch",
    {
      kind: "unit",
      op: "JobGenerator first start",
      args: [2500, 1000],
      expected: { firstBatch: 3000, zeroTime: 2000 },
    },
  ],
  [
    "steps",
    {
      kind: "sequence",
      op: "RecurringTimer(period 100)",
      args: [100],
      steps: [
        ["start", [0], [0]],
        ["clock.advance", [250], [0, 100, 200]],
        ["stop", [true], 200],
      ],
    },
  ],
  [
    "wrong step",
    {
      kind: "sequence",
      op: "RecurringTimer(period 100)",
      args: [100],
      steps: [
        ["start", [0], [0]],
        ["clock.advance", [50], [7]],
      ],
    },
    /expected step 2 clock\.advance: \[ 7 \], actual step 2 clock\.advance: \[ 0 \]/,
  ],
  ["unheard of", { kind: "riddle" }, /expected a kind that can be run, actual riddle/],
];

const cases = table.map(
  ([name, fields], id): ReferenceCase => ({ id, kind: "dstream", name, op: "o", ...fields }),
);
const failing = table.filter(([, , failure]) => failure !== undefined).length;

for (const master of ["local", "local[2]"]) {
  // Before the tests, which a suite would run at the same time: one context runs at a time.
  const { lines, isGood } = await reportCases(cases, { master }, skipRules);
  describe(`cases on ${master}`, () => {
    for (const [id, [name, , failure]] of table.entries()) {
      test(name, () => {
        const line = lines.find(text => text.startsWith(`failed ${id} `));
        if (failure === undefined) return assert.equal(line, undefined);
        assert.ok(line?.startsWith(`failed ${id} ${cases[id]?.kind} ${cases[id]?.op} "${name}": expected `));
        assert.match(line ?? "", failure);
      });
    }
    test("the count", () => {
      assert.equal(lines.length, failing + 1);
      assert.equal(lines.at(-1), `${table.length - failing} passed, ${failing} failed, 0 skipped`);
      assert.ok(!isGood);
    });
  });
}

const skipping = { reason: "not now", matches: ({ op }: ReferenceCase) => op === "later" };
const call = { kind: "unit", name: "n", op: "Duration.plus", args: [1, 2], expected: 3 };

test("skips are counted by their reasons, and no failures", async () => {
  const mixed = [
    { ...call, id: 1 },
    { ...call, id: 2, op: "later" },
    { ...call, id: 3, op: "later" },
  ];
  const { lines, isGood } = await reportCases(mixed, { master: "local" }, [skipping]);
  assert.deepEqual(lines, ["skipped 2: not now", "1 passed, 0 failed, 2 skipped"]);
  assert.ok(isGood);
});

test("a skip of what would pass, and a rule for nothing, are reported", async () => {
  const settings = { master: "local" };
  const rules = [
    { ...skipping, reason: "this one passes", matches: ({ id }: ReferenceCase) => id === 1 },
    skipping,
    { ...skipping, reason: "this one matches nothing", matches: () => false },
    { ...skipping, reason: "this one may match nothing", matches: () => false, isOptional: true },
  ];
  const { lines, isGood } = await reportSkips(
    [
      { ...call, id: 1 },
      { ...call, id: 2, op: "later" },
    ],
    settings,
    rules,
  );
  assert.deepEqual(lines, [
    'would pass 1 unit Duration.plus "n": skipped as "this one passes"',
    'no case is skipped as "this one matches nothing"',
    "1 passed, 2 failed, 0 skipped",
  ]);
  assert.ok(!isGood);
});

test("partitions of inputs can be overridden; tables that show them are skipped then", async () => {
  const two: ReferenceCase[] = [
    {
      id: 1,
      name: "n",
      op: "o",
      ...stream,
      build: "s=>s.transform(r=>s.context.sc.parallelize([r.getNumPartitions()],1))",
      expected: [[5], [5]],
    },
    { id: 2, name: "n", op: "o", ...stream, build: "s=>s.glom()", expected: [] },
  ];
  const { lines } = await reportCases(two, { master: "local", partitions: 5 }, skipRules);
  assert.deepEqual(lines, [
    "skipped 1: the table's partitions matter, and --partitions changes them",
    "1 passed, 0 failed, 1 skipped",
  ]);
});

describe("the command", () => {
  const main = join(import.meta.dirname, "main.ts");
  const run = async (cases: string, ...options: string[]) => {
    const folder = await mkdtemp(join(tmpdir(), "cases-"));
    const file = join(folder, "cases.json");
    await writeFile(file, cases);
    const args = [
      "--disable-warning=ExperimentalWarning",
      "--conditions=millrace-source",
      main,
      file,
      ...options,
    ];
    try {
      const { stdout } = await promisify(execFile)(process.execPath, args);
      return { code: 0, stdout };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, stdout: stdout + stderr };
    } finally {
      await rm(folder, { recursive: true });
    }
  };
  const good = { ...call, id: 1 };
  const bad = { ...call, id: 2, expected: 4 };

  test("closes with the count", async () => {
    assert.deepEqual(await run(JSON.stringify([good])), {
      code: 0,
      stdout: "1 passed, 0 failed, 0 skipped\n",
    });
  });

  test("fails when a case fails", async () => {
    const { code, stdout } = await run(JSON.stringify([good, bad]));
    assert.equal(code, 1);
    assert.match(
      stdout,
      /^failed 2 unit Duration\.plus "n": expected 4, actual .*3.*\n1 passed, 1 failed, 0 skipped\n$/,
    );
  });

  test("runs the chosen cases only", async () => {
    const { stdout } = await run(JSON.stringify([good, bad]), "--only", "1");
    assert.equal(stdout, "1 passed, 0 failed, 0 skipped\n");
  });

  test("says what is wrong with its arguments", async () => {
    assert.deepEqual(await run("[]", "--partitions", "0"), {
      code: 1,
      stdout: "--partitions needs an integer of at least 1, got 0\n",
    });
    assert.match((await run("nothing")).stdout, /holds no cases/);
  });
});
