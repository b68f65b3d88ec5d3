/**
 * Compiles every `*.test-d.ts` of the packages in one run. A line marked `// error: <fragment>` must be
 * refused by the compiler with a message that contains the fragment; every other line must compile.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { runNode, tool } from "./support/command.ts";
import { closingLine } from "./support/tally.ts";
import { fromRoot, packageFolders, sourceFiles, workspaceRoot } from "./support/workspace.ts";
import { compareErrors, expectedErrors, parseDiagnostics } from "./type-tests/markers.ts";

const files = sourceFiles(...packageFolders.map(folder => `${folder}/src/**/*.test-d.ts`));
const folder = join(workspaceRoot, ".cache", "type-tests");
mkdirSync(folder, { recursive: true });
writeFileSync(
  join(folder, "tsconfig.json"),
  JSON.stringify({
    extends: "../../tsconfig.base.json",
    compilerOptions: { noEmit: true, composite: false, noUnusedLocals: false, noUnusedParameters: false },
    files,
  }),
);

let failed = 0;
if (files.length > 0) {
  const { output } = await runNode([tool("tsc"), "-p", folder, "--pretty", "false"]);
  const diagnostics = parseDiagnostics(output).map(each => ({
    ...each,
    file: resolve(workspaceRoot, each.file),
  }));
  for (const file of files) {
    const own = diagnostics.filter(each => each.file === file);
    const problems = compareErrors(expectedErrors(readFileSync(file, "utf8")), own);
    for (const problem of problems) console.log(`${fromRoot(file)}: ${problem}`);
    if (problems.length > 0) failed++;
  }
}
console.log(closingLine({ passed: files.length - failed, failed, skipped: 0 }));
process.exitCode = failed === 0 ? 0 : 1;
