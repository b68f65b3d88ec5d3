import { fileURLToPath } from "node:url";
import { getCallSites } from "node:util";

/** Where in the user's program an operation was written. */
export interface CallSite {
  /** Absolute path, or what V8 calls the script when it has no file. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** Short form: `word-count.ts:12`. */
  readonly text: string;
  /** The operation, such as `map`, when the caller told. */
  readonly operator?: string;
  /** The user's function around the call. */
  readonly function?: string;
}

/** The folders holding Millrace's own code, whether run from `src`, `dist` or `node_modules`. */
const packageRoot = new URL("../../", import.meta.url).href;
const ownFolders = [`${packageRoot}src/`, `${packageRoot}dist/`];
/** Tests lie beside the sources; for call sites they are users like any other. */
const testFile = /\.test\.[cm]?[jt]s$|\/fixtures\//;

/** Enough for most calls; the whole stack is looked through only when these are all Millrace's own. */
const firstFrames = 12;
const allFrames = 200;

const unknownSite: CallSite = Object.freeze({ file: "", line: 0, column: 0, text: "unknown" });

let current: CallSite | undefined;

/**
 * The innermost place of the user's program on the stack, or the site of the surrounding `withCallSite`.
 * Costs some 20 µs. When no user code is on the stack, as in a timer's callback, `text` is `"unknown"`.
 *
 * @param operator the operation's name as the user wrote it
 */
export function captureCallSite(operator?: string): CallSite {
  return current ?? find(firstFrames, operator) ?? find(allFrames, operator) ?? named(unknownSite, operator);
}

/**
 * Runs `fn` with every call site in it being `site`: what an operation builds on behalf of the user is the
 * user's. Covers what runs synchronously only.
 */
export function withCallSite<R>(site: CallSite, fn: () => R): R {
  const outer = current;
  current = site;
  try {
    return fn();
  } finally {
    current = outer;
  }
}

/** The site of the surrounding `withCallSite`, if any. */
export function currentCallSite(): CallSite | undefined {
  return current;
}

function find(frames: number, operator: string | undefined): CallSite | undefined {
  // Unlike a prepareStackTrace of our own this leaves the user's settings alone and follows source maps.
  for (const frame of getCallSites(frames)) {
    if (!isUserCode(frame.scriptName)) continue;
    const file = frame.scriptName.startsWith("file:") ? fileURLToPath(frame.scriptName) : frame.scriptName;
    const base = file.slice(Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\")) + 1);
    return {
      file,
      line: frame.lineNumber,
      column: frame.columnNumber,
      text: `${base}:${frame.lineNumber}`,
      ...(operator === undefined ? {} : { operator }),
      ...(frame.functionName === "" ? {} : { function: frame.functionName }),
    };
  }
  return undefined;
}

function isUserCode(script: string): boolean {
  if (script === "" || script.startsWith("node:")) return false;
  return !ownFolders.some(folder => script.startsWith(folder)) || testFile.test(script);
}

function named(site: CallSite, operator: string | undefined): CallSite {
  return operator === undefined ? site : { ...site, operator };
}
