import { findSourceMap } from "node:module";
import { fileURLToPath } from "node:url";

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
  readonly function?: string | undefined;
}

/** The folders holding Millrace's own code, whether run from `src`, `dist` or `node_modules`. */
const packageRoot = new URL("../../", import.meta.url).href;
const ownFolders = [`${packageRoot}src/`, `${packageRoot}dist/`];
/** Tests lie beside the sources; for call sites they are users like any other. */
const testFile = /\.test\.[cm]?[jt]s$|\/fixtures\//;

/** Frames looked through for user code: more than Millrace ever puts between the user and a capture. */
const depth = 100;

const unknownSite: CallSite = Object.freeze({ file: "", line: 0, column: 0, text: "unknown" });

let current: CallSite | undefined;

/**
 * The innermost place of the user's program on the stack, or the site of the surrounding `withCallSite`.
 * Only the stack is taken now, which costs a few µs; which file and line it means is looked up when somebody
 * asks, as mostly nobody does. When no user code is on the stack, as in a timer's callback, `text` is
 * `"unknown"`.
 *
 * @param operator the operation's name as the user wrote it
 */
export function captureCallSite(operator?: string): CallSite {
  return current ?? new CapturedSite(operator);
}

/**
 * As `captureCallSite`, for what is called so often that even taking the stack counts, and is waited for: the
 * place is found when somebody asks, as the innermost one of the user's program that waits for what runs then.
 * When nobody does there, as behind a `then`, it is `around`.
 */
export function deferCallSite(operator: string, around: CallSite): CallSite {
  return current ?? new DeferredSite(operator, around);
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

/** A place in the user's program that is looked up at first use. */
abstract class LazySite implements CallSite {
  #place: CallSite | undefined;
  declare readonly operator?: string;

  constructor(operator: string | undefined) {
    if (operator !== undefined) this.operator = operator;
  }

  protected abstract find(): CallSite;

  get file(): string {
    return this.#found.file;
  }

  get line(): number {
    return this.#found.line;
  }

  get column(): number {
    return this.#found.column;
  }

  get text(): string {
    return this.#found.text;
  }

  get function(): string | undefined {
    return this.#found.function;
  }

  get #found(): CallSite {
    this.#place ??= this.find();
    return this.#place;
  }
}

/** The place of a stack. */
class CapturedSite extends LazySite {
  /** Like every stack of V8 it refers to the functions on it, which is why it is dropped once looked at. */
  #stack: CapturedStack | undefined;

  constructor(operator: string | undefined) {
    super(operator);
    this.#stack = captureStack(captureCallSite);
  }

  protected override find(): CallSite {
    const place = this.#stack && innermostUserFrame(framesOf(this.#stack));
    this.#stack = undefined;
    return place ?? unknownSite;
  }
}

/** The place that waits for what runs when somebody asks, or the one around it. */
class DeferredSite extends LazySite {
  readonly #around: CallSite;

  constructor(operator: string, around: CallSite) {
    super(operator);
    this.#around = around;
  }

  protected override find(): CallSite {
    return innermostUserFrame(framesOf(captureStack())) ?? this.#around;
  }
}

interface CapturedStack {
  readonly stack?: unknown;
}

/** The stack now, with the functions that wait for those on it; from the caller of `above` on. */
function captureStack(above?: typeof captureCallSite): CapturedStack {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = depth;
  const captured = {};
  Error.captureStackTrace(captured, above);
  Error.stackTraceLimit = limit;
  return captured;
}

/** The frames of a captured stack. The user's own `prepareStackTrace` is out of the way meanwhile. */
function framesOf(captured: CapturedStack): readonly NodeJS.CallSite[] {
  const prepare = Error.prepareStackTrace;
  Error.prepareStackTrace = (_, frames) => frames;
  try {
    const { stack } = captured;
    return Array.isArray(stack) ? stack : [];
  } finally {
    Error.prepareStackTrace = prepare;
  }
}

function innermostUserFrame(frames: readonly NodeJS.CallSite[]): CallSite | undefined {
  for (const frame of frames) {
    const script = frame.getScriptNameOrSourceURL() ?? "";
    if (!isUserCode(script)) continue;
    const place = inSource(script, frame.getLineNumber() ?? 0, frame.getColumnNumber() ?? 0);
    const name = frame.getFunctionName();
    return name === null || name === "" ? place : { ...place, function: name };
  }
  return undefined;
}

/** Follows the source map of a compiled script when Node has it (`--enable-source-maps`). */
function inSource(script: string, line: number, column: number): CallSite {
  const origin = findSourceMap(script)?.findOrigin(line, column);
  return origin !== undefined && "fileName" in origin
    ? placed(pathOf(origin.fileName), origin.lineNumber, origin.columnNumber)
    : placed(pathOf(script), line, column);
}

function placed(file: string, line: number, column: number): CallSite {
  const base = file.slice(Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\")) + 1);
  return { file, line, column, text: `${base}:${line}` };
}

function pathOf(script: string): string {
  return script.startsWith("file:") ? fileURLToPath(script) : script;
}

function isUserCode(script: string): boolean {
  if (script === "" || script.startsWith("node:")) return false;
  return !ownFolders.some(folder => script.startsWith(folder)) || testFile.test(script);
}
