import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { examplesOfMarkdown, examplesOfSource } from "./examples.ts";

const fence = "```";

describe("examples of documentation", () => {
  it("takes the blocks of doc comments, with their lines", () => {
    const source = [
      "/**",
      " * Adds.",
      ` * ${fence}ts`,
      ' * import { add } from "millrace";',
      " *",
      " *   add(1, 2);",
      ` * ${fence}`,
      " */",
      'export const glob = "src/**/*.ts";',
    ].join("\n");
    assert.deepEqual(examplesOfSource(source), [
      { code: 'import { add } from "millrace";\n\n  add(1, 2);', line: 4, runs: true },
    ]);
  });

  it("takes the blocks of Markdown and sees which only compile", () => {
    const source = [
      "# A",
      `${fence}ts no-run`,
      "a;",
      fence,
      `${fence}sh`,
      "b",
      fence,
      `${fence}ts`,
      "c;",
      fence,
    ];
    assert.deepEqual(examplesOfMarkdown(source.join("\n")), [
      { code: "a;", line: 3, runs: false },
      { code: "c;", line: 9, runs: true },
    ]);
  });
});
