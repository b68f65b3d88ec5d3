import { millraceError } from "../../common/errors/index.ts";
import type { FileSystem } from "../../common/platform/platform.ts";
import type { Batches } from "../batches.ts";

/** A case of a reference file. Which fields are there depends on its kind. */
export interface ReferenceCase {
  readonly id: number | string;
  readonly kind: string;
  readonly suite?: string;
  readonly name: string;
  /** The operation under test. */
  readonly op: string;
  readonly args?: unknown;
  /** `dstream`: a function from streams to a stream. `rdd`: an expression over `sc`. */
  readonly build?: string;
  /** Whether `build` of an `rdd` case can be run as it is. */
  readonly executable?: boolean;
  readonly batchMs?: number;
  readonly partitions?: number;
  readonly numBatches?: number;
  /** `recovery`: batches of the first run. */
  readonly numBatchesBeforeRestart?: number;
  readonly inputs?: Batches<unknown>;
  readonly inputs2?: Batches<unknown>;
  readonly source?: string;
  readonly collect?: string;
  readonly expected?: unknown;
  readonly expectedSnapshots?: readonly (readonly unknown[])[];
  /** The name of the class of the error. */
  readonly expectedError?: string;
  readonly ordered?: boolean;
  /** `sequence`: call, arguments, expected result. */
  readonly steps?: readonly unknown[];
}

/**
 * Reads a file of cases: a JSON list, or an object with a list under `cases`.
 *
 * @throws MR_BAD_ARGUMENT, MR_PATH_NOT_FOUND, MR_IO
 */
export async function readCases(files: FileSystem, path: string): Promise<ReferenceCase[]> {
  const refuse = (why: string, cause?: unknown) =>
    millraceError("MR_BAD_ARGUMENT", `${path} holds no cases: ${why}`, cause === undefined ? {} : { cause });
  let parsed: unknown;
  try {
    parsed = JSON.parse(await readText(files, path));
  } catch (error) {
    if (error instanceof SyntaxError) throw refuse(error.message, error);
    throw error;
  }
  const list: unknown = Array.isArray(parsed)
    ? parsed
    : (parsed as { readonly cases?: unknown } | null)?.cases;
  if (!Array.isArray(list)) throw refuse("it is no list");
  const broken = list.findIndex(entry => !isCase(entry));
  if (broken >= 0) throw refuse(`entry ${broken} needs id, kind, name and op`);
  return list as ReferenceCase[];
}

/**
 * The text of a whole file.
 *
 * @throws MR_PATH_NOT_FOUND, MR_IO
 */
export async function readText(files: FileSystem, path: string): Promise<string> {
  const reader = files.open(path);
  try {
    const bytes = new Uint8Array(reader.sizeBytes);
    for (let at = 0; at < bytes.length; ) {
      const count = await reader.read(bytes.subarray(at), at);
      if (count === 0) break;
      at += count;
    }
    return new TextDecoder().decode(bytes);
  } finally {
    reader.close();
  }
}

function isCase(entry: unknown): entry is ReferenceCase {
  if (typeof entry !== "object" || entry === null) return false;
  const { id, kind, name, op } = entry as Partial<ReferenceCase>;
  const isNamed = typeof kind === "string" && typeof name === "string" && typeof op === "string";
  return isNamed && (typeof id === "number" || typeof id === "string");
}

/** The inputs of a case, in the order the build takes them: `inputs`, `inputs2`, `inputs3` … */
export function inputsOf(theCase: ReferenceCase): Batches<unknown>[] {
  return Object.entries(theCase)
    .map(([key, value]) => ({ number: inputNumber(key), value }))
    .filter(({ number, value }) => number > 0 && Array.isArray(value))
    .sort((a, b) => a.number - b.number)
    .map(({ value }) => value as Batches<unknown>);
}

function inputNumber(key: string): number {
  const match = /^inputs(\d*)$/.exec(key);
  if (match === null) return 0;
  return match[1] === "" ? 1 : Number(match[1]);
}
