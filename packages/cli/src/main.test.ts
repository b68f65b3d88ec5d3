import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { main } from "./main.ts";

interface Case {
  readonly name: string;
  readonly args: readonly string[];
  readonly exitCode: number;
  readonly stdout?: RegExp;
  readonly stderr?: RegExp;
}

const cases: readonly Case[] = [
  { name: "--version", args: ["--version"], exitCode: 0, stdout: /^\d+\.\d+\.\d+\n$/ },
  { name: "--help", args: ["--help"], exitCode: 0, stdout: /demo[\s\S]*run-example/ },
  { name: "nothing", args: [], exitCode: 2, stderr: /Usage: millrace/ },
  { name: "an unknown command", args: ["dmeo"], exitCode: 2, stderr: /Did you mean demo\?/ },
  {
    name: "no example",
    args: ["run-example"],
    exitCode: 2,
    stderr: /NetworkWordCount <host> <port>\s+counts/,
  },
  {
    name: "an unknown example",
    args: ["run-example", "NetworkWordcount"],
    exitCode: 2,
    stderr: /no example "NetworkWordcount"\. Did you mean NetworkWordCount\?/,
  },
  {
    name: "an example's usage",
    args: ["run-example", "NetworkWordCount"],
    exitCode: 2,
    stderr: /^Usage: NetworkWordCount <host> <port>\n$/,
  },
  {
    name: "a bad port",
    args: ["run-example", "NetworkWordCount", "localhost", "70000"],
    exitCode: 2,
    stderr: /65535, not "70000"/,
  },
  { name: "a bad rate", args: ["demo", "--rate", "fast"], exitCode: 2, stderr: /whole number above 0/ },
  { name: "a bad conf", args: ["demo", "--conf", "novalue"], exitCode: 2, stderr: /key=value/ },
  {
    name: "a bad master",
    args: ["run-example", "QueueStream", "--master", "locl[2]"],
    exitCode: 1,
    stderr: /MR_MASTER_INVALID.*: [\s\S]*hint.*: /,
  },
  {
    name: "a bad value of a known key",
    args: ["run-example", "QueueStream", "-c", "spark.streaming.blockInterval=often"],
    exitCode: 1,
    stderr: /MR_CONF_\w+.*: [\s\S]*blockInterval/,
  },
];

describe("the command line", () => {
  for (const { name, args, exitCode, stdout, stderr } of cases) {
    it(name, async () => {
      const output = { stdout: "", stderr: "" };
      const exit = await main(args, {
        stdout: text => {
          output.stdout += text;
        },
        stderr: text => {
          output.stderr += text;
        },
      });
      assert.equal(exit, exitCode, JSON.stringify(output));
      if (stdout) assert.match(output.stdout, stdout);
      if (stderr) assert.match(output.stderr, stderr);
      assert.doesNotMatch(output.stderr, /\n\s+at /, "no stack for a mistake of the user");
    });
  }
});
