import assert from "node:assert/strict";
import { test } from "node:test";
import { MillraceError } from "../../errors/index.ts";
import {
  createDeterministicPlatform,
  type DeterministicPlatform,
  type DiskModel,
  type FileFault,
} from "./index.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Runs `program` on a new platform, crashes it, and answers the texts of `paths` for the next process. */
async function afterCrash(
  model: DiskModel,
  program: (platform: DeterministicPlatform) => Promise<void>,
  ...paths: string[]
): Promise<(string | undefined)[]> {
  const platform = createDeterministicPlatform({ seed: 7, files: { "/old": "old" } });
  await platform.run(program(platform));
  platform.crash(model);
  const next = createDeterministicPlatform({ seed: 8, disk: platform.disk });
  return paths.map(path => next.files.text(path));
}

async function write(platform: DeterministicPlatform, path: string, ...parts: string[]): Promise<void> {
  const writer = await platform.files.create(path);
  for (const part of parts) {
    if (part === "sync") await writer.sync();
    else await writer.write(bytes(part));
  }
  await writer.close();
}

const table: {
  name: string;
  program: (platform: DeterministicPlatform) => Promise<void>;
  paths: string[];
  allSynced: (string | undefined)[];
  unsyncedLost: (string | undefined)[];
}[] = [
  {
    name: "written, not synced",
    program: platform => write(platform, "/d/f", "abc"),
    paths: ["/old", "/d/f"],
    allSynced: ["old", "abc"],
    unsyncedLost: ["old", undefined],
  },
  {
    name: "a file that was there keeps what was synced",
    program: platform => write(platform, "/old", "new"),
    paths: ["/old"],
    allSynced: ["new"],
    unsyncedLost: ["old"],
  },
  {
    name: "synced in part, and its directory",
    program: async platform => {
      await write(platform, "/d/f", "abc", "sync", "def");
      await platform.files.syncDirectory("/d");
    },
    paths: ["/d/f"],
    allSynced: ["abcdef"],
    unsyncedLost: ["abc"],
  },
  {
    name: "renamed before the directory was synced",
    program: async platform => {
      await write(platform, "/d/f", "abc", "sync");
      await platform.files.syncDirectory("/d");
      await platform.files.rename("/d/f", "/d/g");
    },
    paths: ["/d/f", "/d/g"],
    allSynced: [undefined, "abc"],
    unsyncedLost: ["abc", undefined],
  },
  {
    name: "removed before the directory was synced",
    program: platform => platform.files.remove("/old"),
    paths: ["/old"],
    allSynced: [undefined],
    unsyncedLost: ["old"],
  },
];

for (const { name, program, paths, allSynced, unsyncedLost } of table) {
  test(`a crash: ${name}`, async () => {
    assert.deepEqual(await afterCrash("allSynced", program, ...paths), allSynced);
    assert.deepEqual(await afterCrash("unsyncedLost", program, ...paths), unsyncedLost);
  });
}

test("a crash tears the last write, unless it was synced", async () => {
  const [torn] = await afterCrash("lastWriteTorn", p => write(p, "/f", "first", "second"), "/f");
  assert.ok(torn?.startsWith("first") && torn.length < "firstsecond".length, torn);
  const [whole] = await afterCrash("lastWriteTorn", p => write(p, "/f", "first", "second", "sync"), "/f");
  assert.equal(whole, "firstsecond");
});

test("what a failed sync dropped is not brought back by the next one", async () => {
  const program = async (platform: DeterministicPlatform): Promise<void> => {
    const writer = await platform.files.append("/old");
    await writer.write(bytes("abc"));
    platform.files.onCall = () => ({ kind: "error", errno: "EIO" });
    await assert.rejects(writer.sync(), /EIO/);
    platform.files.onCall = undefined;
    await writer.sync();
  };
  assert.deepEqual(await afterCrash("unsyncedLost", program, "/old"), ["old"]);
});

test("a call can be refused, or be the last of its process", async () => {
  const platform = createDeterministicPlatform({ seed: 1, files: { "/f": "x" } });
  const faults: (FileFault | undefined)[] = [
    { kind: "error", errno: "EMFILE" },
    undefined,
    { kind: "crash", hasTakenEffect: true, model: "allSynced" },
  ];
  const calls: string[] = [];
  platform.files.onCall = ({ operation, path }) => {
    calls.push(`${operation} ${path}`);
    return faults.shift();
  };
  const said: string[] = [];
  const program = (async () => {
    assert.throws(
      () => platform.files.open("/f"),
      (e: unknown) => e instanceof MillraceError && e.code === "MR_IO" && e.message.includes("EMFILE"),
    );
    platform.files.open("/f").close();
    await platform.files.rename("/f", "/g");
    said.push("renamed");
  })();
  await assert.rejects(platform.run(program), /crashed/);
  platform.timers.schedule(0, () => said.push("later"));
  platform.host.stdout("never");
  await platform.advance(1000);
  assert.equal(platform.isCrashed, true);
  assert.deepEqual(said, []);
  assert.equal(platform.host.stdoutText, "");
  assert.deepEqual(calls, ["open /f", "open /f", "rename /f"]);
  assert.throws(() => platform.files.statSync("/f"), /crashed/);
  const next = createDeterministicPlatform({ seed: 2, disk: platform.disk });
  assert.equal(next.files.text("/g"), "x");
});
