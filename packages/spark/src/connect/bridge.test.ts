import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { pythonCommand } from "./python-command.ts";

const python = spawnSync("python3", ["--version"]);
const skip = python.status === 0 ? false : "python3 is not there";

/** Stands in for Node's side: answers each block as it came, with the program's first byte before it. */
const ECHO = `
import { Socket } from "node:net";
const { BEGIN, BLOCK, DONE, END, ERROR, FrameReader, FrameWriter } = await import(${JSON.stringify(new URL("../executor/frames.ts", import.meta.url).href)});
const socket = new Socket({ fd: Number(process.argv[1]), readable: true, writable: true });
const writer = new FrameWriter(socket);
let first, blocks;
const reader = new FrameReader(async (type, payload) => {
  if (type === BEGIN) [first, blocks] = [payload.subarray(12, 13), []];
  if (type === BLOCK) blocks.push(payload);
  if (type !== END) return;
  for (const b of blocks) await writer.block(b.readInt32LE(0), b.readInt32LE(4), b.readInt32LE(8), first, b.subarray(12));
  if (first.toString() === "E") await writer.write(ERROR, Buffer.from("it failed"));
  else await writer.write(DONE);
  await writer.flush();
});
socket.on("data", bytes => reader.push(bytes));
socket.on("end", () => process.exit(0));
`;

/** Stands in for Spark's worker and for pyarrow, which are on executors only; a batch is a list of rows. */
const WORKER = `
import gc, json, pickle, sys, types

def module(name, **members):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__dict__.update(members)

class Value:
    def __init__(self, value): self.value = value
    def as_py(self): return self.value
    def as_buffer(self): return self.value

class Batch:
    def __init__(self, rows):
        self.num_rows = len(rows)
        self.columns = [[Value(row[i]) for row in rows] for i in range(4)]

class Context:
    stageId = partitionId = attemptNumber = lambda self: 0

kept = types.SimpleNamespace(from_struct_array=lambda rows: rows)
module("pyarrow", int32=int, binary=bytes, struct=list, array=lambda rows, type: rows, RecordBatch=kept)
module("pyspark", SparkFiles=types.SimpleNamespace(getRootDirectory=lambda: "/root"),
       TaskContext=types.SimpleNamespace(get=Context))
module("pyspark.sql")
module("pyspark.sql.types", _parse_datatype_json_string=json.loads)

stdin = sys.stdin.buffer
while head := stdin.read(4):
    run, schema = pickle.loads(stdin.read(int.from_bytes(head, "little")))
    rows = [(1, -2, 3, b"small"), (4, 5, 6, b"x" * 100000), (7, 8, 9, b"last")]
    try:
        out = [[p, k, s, len(b), b[:6].decode()] for batch in run([Batch(rows[:2]), Batch(rows[2:])]) for p, k, s, b in batch]
    except RuntimeError as error:
        out = str(error)
    print(json.dumps([out, len(run.__globals__["_nodes"]), gc.get_freeze_count() > 0]))
`;

function tasks(...programs: readonly string[]): unknown[] {
  const argv = [process.execPath, "--disable-warning=ExperimentalWarning", "--input-type=module", "-e", ECHO];
  const input = Buffer.concat(
    programs.flatMap(program => {
      const command = pythonCommand(Buffer.from(program), argv);
      const size = Buffer.alloc(4);
      size.writeUInt32LE(command.length);
      return [size, command];
    }),
  );
  const { stdout, stderr } = spawnSync("python3", ["-c", WORKER], { input, encoding: "utf8" });
  assert.equal(stderr, "");
  return stdout
    .trimEnd()
    .split("\n")
    .map(line => JSON.parse(line));
}

const answer = (program: string) => [
  [1, -2, 3, 6, `${program}small`],
  [4, 5, 6, 100_001, `${program}xxxxx`],
  [7, 8, 9, 5, `${program}last`],
];

test("blocks go to Node and back, task after task; what was imported is no garbage", { skip }, () => {
  assert.deepEqual(tasks("A", "B"), [
    [answer("A"), 1, true],
    [answer("B"), 1, true],
  ]);
});

test("a task that failed in Node fails in Python, and the next one runs", { skip }, () => {
  assert.deepEqual(tasks("E", "C"), [
    ["it failed", 1, true],
    [answer("C"), 1, true],
  ]);
});
