import assert from "node:assert/strict";
import { test } from "node:test";
import { createLogger } from "../../common/log/index.ts";
import { createDeterministicPlatform } from "../../common/platform/deterministic/index.ts";
import { OutputCommits } from "./output-commits.ts";

function setUp() {
  const platform = createDeterministicPlatform({ seed: 1 });
  const told: string[] = [];
  const participant = {
    name: "example",
    open: async () => {},
    commit: async (timeMs: number) => void told.push(`commit ${timeMs}`),
    abort: async (timeMs: number) => void told.push(`abort ${timeMs}`),
    close: async () => {},
  };
  const log = createLogger("test", { platform, level: "off" });
  const commits = new OutputCommits([{ outputId: "output-0", participant }], log, "throw");
  for (const timeMs of [1, 2, 3]) commits.begin(timeMs);
  return { commits, told };
}

test("batches are told in their order, whatever order they end in", async () => {
  const { commits, told } = setUp();
  await commits.ended(3, false);
  await commits.ended(1, false);
  assert.deepEqual(told, ["commit 1"]);
  await commits.ended(2, true);
  assert.deepEqual(told, ["commit 1", "abort 2", "commit 3"]);
});

test("after a batch that is left to another run no later one is told to be done", async () => {
  const { commits, told } = setUp();
  await commits.ended(1, false);
  await commits.failed(2);
  await commits.ended(3, false);
  assert.deepEqual(told, ["commit 1", "abort 2"]);
});
