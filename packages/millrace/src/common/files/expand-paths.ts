import { millraceError } from "../errors/index.ts";
import type { FileStatus, FileSystem } from "../platform/platform.ts";
import { isGlob, segmentPattern } from "./glob.ts";
import { localPath } from "./local-path.ts";

/** Files being written, and markers such as `_SUCCESS`, are not data. */
export function isHidden(path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return name.startsWith(".") || name.startsWith("_");
}

/**
 * The files behind what Spark takes as an input path: a file, a directory (its files, not those of its
 * folders), a glob of either, or several of these separated by commas. Hidden files are left out of
 * directories and globs. Sorted by path within each part.
 *
 * @throws MR_PATH_NOT_FOUND when a part is not there or a glob matches nothing; MR_BAD_ARGUMENT for a glob
 * with a range from high to low
 */
export function expandPaths(files: FileSystem, paths: string): FileStatus[] {
  return splitAtCommas(paths).flatMap(path => {
    const found = matchPaths(files, path);
    if (found.length === 0) {
      const reason = isGlob(path) ? "no file matches" : "there is no file or directory";
      throw millraceError("MR_PATH_NOT_FOUND", `${reason} ${path}`);
    }
    return found.flatMap(status =>
      status.isDirectory
        ? files.listSync(status.path).filter(child => !child.isDirectory && !isHidden(child.path))
        : [status],
    );
  });
}

/** What a path or glob stands for: nothing, one, or many files and directories. */
export function matchPaths(files: FileSystem, path: string): FileStatus[] {
  const plain = localPath(path);
  if (plain === "") return [];
  if (!isGlob(plain)) {
    const status = files.statSync(plain);
    return status === undefined ? [] : [status];
  }
  const root = rootOf(plain);
  const segments = plain.slice(root.length).split("/");
  let roots = [root === "" ? "." : root];
  segments.forEach((segment, i) => {
    const isLast = i === segments.length - 1;
    roots = roots.flatMap(root => matchSegment(files, root, segment, isLast));
  });
  return roots.flatMap(root => files.statSync(root) ?? []);
}

/** What an absolute path begins with: `/`, or scheme, host and `/` of a URL. */
function rootOf(path: string): string {
  return /^([a-z][a-z\d+.-]+:(\/\/[^/]*)?)?\//i.exec(path)?.[0] ?? "";
}

function matchSegment(files: FileSystem, root: string, segment: string, isLast: boolean): string[] {
  const join = (name: string) => (root === "." ? name : root.endsWith("/") ? root + name : `${root}/${name}`);
  if (!isGlob(segment)) return segment === "" ? [root] : [join(segment)];
  const directory = files.statSync(root);
  if (directory === undefined || !directory.isDirectory) return [];
  const pattern = segmentPattern(segment);
  return files
    .listSync(root)
    .filter(child => isLast || child.isDirectory)
    .map(child => child.path.slice(child.path.lastIndexOf("/") + 1))
    .filter(name => pattern.test(name) && !isHidden(name))
    .map(join);
}

/** Commas inside braces belong to a glob. */
function splitAtCommas(paths: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < paths.length; i++) {
    const character = paths[i];
    if (character === "{") depth += 1;
    else if (character === "}") depth -= 1;
    else if (character === "," && depth === 0) {
      parts.push(paths.slice(from, i));
      from = i + 1;
    }
  }
  parts.push(paths.slice(from));
  return parts.map(part => part.trim());
}
