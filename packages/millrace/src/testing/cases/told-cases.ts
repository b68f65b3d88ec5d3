import type { FileStatus, FileSystem } from "../../common/platform/platform.ts";
import { readText } from "./reference-case.ts";

/** The files whose tests tell cases in code, by the id of the case. */
export type ToldCases = ReadonlyMap<string, readonly string[]>;

/** Ids in the title of a test: the word `case` and numbers, in brackets. */
const mark = /\[case (\d+(?:, ?\d+)*)\]/g;
const testFile = /\.(test|cluster-test)\.ts$/;
const notSources = /^(node_modules|dist|\..*)$/;

/**
 * Finds the tests that say the same as a case which cannot be run from its data. They name it in their
 * titles; comments do not count.
 *
 * @throws MR_PATH_NOT_FOUND, MR_IO
 */
export async function findToldCases(files: FileSystem, directories: readonly string[]): Promise<ToldCases> {
  const told = new Map<string, string[]>();
  for (const directory of directories) {
    for (const { path } of await testFilesUnder(files, directory)) {
      for (const id of idsIn(await readText(files, path))) {
        const paths = told.get(id) ?? [];
        if (!paths.includes(path)) told.set(id, [...paths, path]);
      }
    }
  }
  return told;
}

async function testFilesUnder(files: FileSystem, directory: string): Promise<FileStatus[]> {
  const found: FileStatus[] = [];
  for (const entry of await files.list(directory)) {
    const name = entry.path.slice(entry.path.lastIndexOf("/") + 1);
    if (notSources.test(name)) continue;
    if (entry.isDirectory) found.push(...(await testFilesUnder(files, entry.path)));
    else if (testFile.test(name)) found.push(entry);
  }
  return found;
}

function idsIn(source: string): string[] {
  const code = source.split("\n").filter(line => !/^\s*(\/\/|\/?\*)/.test(line));
  return code.flatMap(line => Array.from(line.matchAll(mark), ([, ids = ""]) => ids.split(/, ?/)).flat());
}
