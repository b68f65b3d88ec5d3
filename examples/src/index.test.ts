import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { UsageError } from "./command-line.ts";
import { examples } from "./index.ts";

describe("examples", () => {
  for (const example of examples) {
    it(`${example.name} refuses arguments it does not take, and says which it takes`, async () => {
      const { run } = await example.load();
      await assert.rejects(run(["too", "many", "arguments", "for", "it"]), error => {
        assert.ok(error instanceof UsageError);
        assert.equal(error.message, `Usage: ${example.name} ${example.usage}`.trimEnd());
        return true;
      });
    });

    it(`${example.name} tells in its head how to run it`, () => {
      const file = example.name.replace(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase();
      const source = readFileSync(join(import.meta.dirname, `${file}.ts`), "utf8");
      assert.ok(source.includes(`npx millrace run-example ${example.name}`));
    });
  }
});
