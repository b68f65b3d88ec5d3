import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { pythonCommand } from "./python-command.ts";

const python = spawnSync("python3", ["--version"]);
const skip = python.status === 0 ? false : "python3 is not there";

/** Stands in for pyspark, which is on executors only. */
const LOAD = `
import builtins, pickle, sys, types
sql = types.ModuleType("pyspark.sql.types")
sql._parse_datatype_json_string = lambda text: text
sys.modules.update({"pyspark": types.ModuleType("pyspark"), "pyspark.sql": types.ModuleType("pyspark.sql"), "pyspark.sql.types": sql})
compiled, compile_source = [], builtins.compile
builtins.compile = lambda source, name, *rest: compiled.append(name) or compile_source(source, name, *rest)
command = sys.stdin.buffer.read()
first, schema = pickle.loads(command, encoding="bytes")
function, _ = pickle.loads(command, encoding="bytes")
print(function.__name__, function.__module__, function is first, compiled, schema)
`;

test("Python unpickles commands to functions and a schema, and runs the bridge once", { skip }, () => {
  const input = pythonCommand(new Uint8Array(1000), ["node", "{root}/a.cjs"]);
  const { stdout, stderr } = spawnSync("python3", ["-c", LOAD], { input, encoding: "utf8" });
  assert.equal(stderr, "");
  assert.match(stdout, /^run __millrace__ False \['<millrace>'\] \{"type":"struct","fields":\[\{"name":"p"/);
});
