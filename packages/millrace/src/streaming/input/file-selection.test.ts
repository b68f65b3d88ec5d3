import assert from "node:assert/strict";
import { test } from "node:test";
import { FileSelection } from "./file-selection.ts";

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
    for (const [timeMs, files, taken] of batches) {
      assert.deepEqual(
        selection.select(
          timeMs,
          files.map(([path, ms]) => file(path, ms)),
        ),
        taken,
      );
    }
  });
}

test("forgotten files stay too old", () => {
  const selection = new FileSelection(0, 10_000);
  assert.deepEqual(selection.select(1000, [file("a", 500)]), ["a"]);
  selection.forget(1000);
  assert.deepEqual(selection.select(11_000, [file("a", 500)]), []);
});

test("the clock of files lags: what was there at first is old all the same, until it is written again", () => {
  const selection = new FileSelection(1000, 10_000, [file("there", 995)]);
  assert.deepEqual(selection.select(2000, [file("there", 995), file("new", 996)]), ["new"]);
  assert.deepEqual(selection.select(3000, [file("there", 2500)]), ["there"]);
});
