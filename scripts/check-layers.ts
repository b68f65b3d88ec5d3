/**
 * Checks that imports of the core point only downwards between its layers, and that only `common/platform`
 * touches clock, timers, chance, files, sockets and the process. Prints one line for each breach.
 */
import { readFileSync } from "node:fs";
import { checkFile } from "./layers/rules.ts";
import { closingLine } from "./support/tally.ts";
import { fromRoot, packageFolders, sourceFiles } from "./support/workspace.ts";

const files = sourceFiles(...packageFolders.map(folder => `${folder}/src/**/*.ts`));
let failed = 0;
for (const path of files) {
  const violations = checkFile(fromRoot(path), readFileSync(path, "utf8"));
  for (const { file, line, message } of violations) console.log(`${file}:${line}: ${message}`);
  if (violations.length > 0) failed++;
}
console.log(closingLine({ passed: files.length - failed, failed, skipped: 0 }));
process.exitCode = failed === 0 ? 0 : 1;
