import assert from "node:assert/strict";
import { test } from "node:test";
import type { FileStatus } from "../../common/platform/platform.ts";
import { FileSelection } from "./file-selection.ts";

/** The paths a batch takes. */
function taken(selection: FileSelection, timeMs: number, files: readonly FileStatus[]): readonly string[] {
  return selection.select(timeMs, files).taken.map(({ path }) => path);
}

const file = (path: string, modifiedMs: number) => ({ path, modifiedMs, isDirectory: false, sizeBytes: 1 });

const cases: {
  name: string;
  sinceMs: number;
  batches: [timeMs: number, files: [string, number][], taken: string[]][];
}[] = [
  {
    name: "files changed before the stream, or in the future, are not new",
    sinceMs: 1000,
    batches: [
      [
        2000,
        [
          ["old", 980],
          ["new", 981],
          ["now", 2000],
          ["later", 2001],
        ],
        ["new", "now"],
      ],
    ],
  },
  {
    name: "a file is read once, changed or not",
    sinceMs: 0,
    batches: [
      [1000, [["a", 500]], ["a"]],
      [
        2000,
        [
          ["a", 500],
          ["b", 1500],
        ],
        ["b"],
      ],
      [
        3000,
        [
          ["a", 2500],
          ["b", 1500],
        ],
        [],
      ],
    ],
  },
  {
    name: "a late file is taken as long as it is younger than the window",
    sinceMs: 0,
    batches: [
      [
        11_000,
        [
          ["too old", 1000],
          ["late", 1001],
        ],
        ["late"],
      ],
    ],
  },
];

for (const { name, sinceMs, batches } of cases) {
  test(name, () => {
    const selection = new FileSelection(sinceMs, 10_000);
    for (const [timeMs, files, expected] of batches) {
      const present = files.map(([path, ms]) => file(path, ms));
      assert.deepEqual(taken(selection, timeMs, present), expected);
    }
  });
}

test("forgotten files stay too old", () => {
  const selection = new FileSelection(0, 10_000);
  assert.deepEqual(taken(selection, 1000, [file("a", 500)]), ["a"]);
  selection.forget(1000);
  assert.deepEqual(taken(selection, 11_000, [file("a", 500)]), []);
});

test("the clock of files lags: what was there at first is old all the same, until it is written again", () => {
  const selection = new FileSelection(1000, 10_000, [file("there", 995)]);
  assert.deepEqual(taken(selection, 2000, [file("there", 995), file("new", 996)]), ["new"]);
  assert.deepEqual(taken(selection, 3000, [file("there", 2500)]), ["there"]);
});

test("why a file is not read is told once, and again when it changed", () => {
  const selection = new FileSelection(10_000, 5_000, [file("there", 9_990)]);
  const reasons = (timeMs: number, files: readonly FileStatus[]) =>
    selection.select(timeMs, files).skipped.map(({ path, reason }) => `${path}: ${reason}`);
  const old = [file("older", 500), file("there", 9_990)];
  assert.deepEqual(reasons(12_000, [...old, file("new", 11_000), file("future", 13_000)]), [
    "older: it was modified at 500 ms, before the stream was made",
    "there: it was modified at 9990 ms, before the stream was made",
  ]);
  assert.deepEqual(reasons(14_000, [...old, file("new", 11_000)]), []);
  assert.deepEqual(reasons(16_000, [file("older", 10_500), file("new", 15_000)]), [
    "older: it was modified at 10500 ms, more than 5000 ms before its first batch",
    "new: it was read in the batch at 12000 ms, what changed since is not read",
  ]);
});

test("another run goes on where one stopped", () => {
  const first = new FileSelection(1000, 10_000, [file("there", 995)]);
  first.select(2000, [file("there", 995), file("a", 1500)]);
  const saved = JSON.parse(JSON.stringify(first.save()));
  const second = new FileSelection(7000, 10_000);
  second.restore(saved, [[2000, first.takenBy(2000)]]);
  assert.deepEqual(second.takenBy(2000), [file("a", 1500)]);
  assert.deepEqual(taken(second, 8000, [file("there", 995), file("a", 1500), file("b", 5000)]), ["b"]);
});
