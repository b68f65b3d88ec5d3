import { millraceError } from "../errors/index.ts";
import type { FileSystem, ModuleExport, Platform } from "../platform/platform.ts";
import { localPath } from "./local-path.ts";

/** File systems by the scheme of their paths: `{ memory: … }` for `memory:///in/a.txt`. */
export type FileSystems = Readonly<Record<string, FileSystem>>;

/** The scheme of a path that is a URL of another kind than `file:`. One letter is a drive of Windows. */
export function schemeOf(path: string): string | undefined {
  const [, scheme] = /^([a-z][a-z\d+.-]+):\//i.exec(path) ?? [];
  return scheme === undefined || scheme.toLowerCase() === "file" ? undefined : scheme.toLowerCase();
}

/**
 * A platform with more file systems than its own, each of which gets the paths of its scheme as they are.
 *
 * @throws MR_BAD_ARGUMENT when a name is no scheme
 */
export function platformWith(platform: Platform, fileSystems: FileSystems): Platform {
  for (const scheme of Object.keys(fileSystems)) {
    if (schemeOf(`${scheme}:/`) === scheme) continue;
    throw millraceError("MR_BAD_ARGUMENT", `${JSON.stringify(scheme)} is no scheme of a file system`, {
      hint: 'Give two or more small letters without the colon, other than "file": `{ memory: … }`.',
    });
  }
  const { clock, timers, random, network, host } = platform;
  const files = filesByScheme(platform.files, fileSystems);
  const threadFiles = platform.threadFiles && forThreads(platform.threadFiles, fileSystems);
  const others = { clock, timers, random, network, host };
  return threadFiles === undefined ? { ...others, files } : { ...others, files, threadFiles };
}

/** Loads file systems in a thread, from where others say they are. */
export async function loadFileSystems(exports: Readonly<Record<string, ModuleExport>>): Promise<FileSystems> {
  const loaded = Object.entries(exports).map(async ([scheme, { module, export: name }]) => {
    const found = ((await import(module)) as Readonly<Record<string, FileSystem | undefined>>)[name];
    if (found !== undefined) return [scheme, found] as const;
    throw millraceError("MR_BAD_ARGUMENT", `${module} exports no file system ${name}`);
  });
  return Object.fromEntries(await Promise.all(loaded));
}

function forThreads(
  own: Readonly<Record<string, ModuleExport>>,
  fileSystems: FileSystems,
): Readonly<Record<string, ModuleExport>> | undefined {
  const exports: Record<string, ModuleExport> = { ...own };
  for (const [scheme, { loadedFrom }] of Object.entries(fileSystems)) {
    if (loadedFrom === undefined) return undefined;
    exports[scheme] = loadedFrom;
  }
  return exports;
}

function filesByScheme(own: FileSystem, fileSystems: FileSystems): FileSystem {
  /** The file system of a path, and the path as it takes it. */
  const at = (path: string): [FileSystem, string] => {
    const scheme = schemeOf(path);
    if (scheme === undefined) return [own, localPath(path)];
    const found = Object.hasOwn(fileSystems, scheme) ? fileSystems[scheme] : undefined;
    if (found !== undefined) return [found, path];
    throw millraceError("MR_FILE_SYSTEM_MISSING", `there is no file system for ${path}`);
  };
  /** The same, for methods whose errors are answers that are rejected. */
  const later = async <T>(path: string, call: (files: FileSystem, path: string) => Promise<T>): Promise<T> =>
    call(...at(path));
  const atOnce = <T>(path: string, call: (files: FileSystem, path: string) => T): T => call(...at(path));
  return {
    stat: path => later(path, (files, plain) => files.stat(plain)),
    statSync: path => atOnce(path, (files, plain) => files.statSync(plain)),
    list: path => later(path, (files, plain) => files.list(plain)),
    listSync: path => atOnce(path, (files, plain) => files.listSync(plain)),
    open: path => atOnce(path, (files, plain) => files.open(plain)),
    scratch: path => atOnce(path, (files, plain) => files.scratch(plain)),
    removeSync: path => atOnce(path, (files, plain) => files.removeSync(plain)),
    create: path => later(path, (files, plain) => files.create(plain)),
    append: (path, lengthBytes) => later(path, (files, plain) => files.append(plain, lengthBytes)),
    mkdirs: path => later(path, (files, plain) => files.mkdirs(plain)),
    syncDirectory: path => later(path, (files, plain) => files.syncDirectory(plain)),
    remove: path => later(path, (files, plain) => files.remove(plain)),
    rename: (from, to) =>
      later(from, (files, plain) => {
        const [others, target] = at(to);
        if (others === files) return files.rename(plain, target);
        throw millraceError("MR_IO", `Cannot rename ${from} to ${to}: they lie in different file systems`);
      }),
  };
}
