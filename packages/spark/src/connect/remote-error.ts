import { deserialize } from "node:v8";
import { BinaryReader } from "@bufbuild/protobuf/wire";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  fromWireFailure,
  MillraceError,
  millraceError,
  taskFailure,
  type WireFailure,
} from "millrace/engine";
import { FAILURE_END, FAILURE_MARK } from "../engine/stage-program.ts";

/** What a persisted partition was kept in is gone: an executor died, or another job unpersisted it. */
export class KeptRelationLost extends Error {}

/** Names the worker's Python when the client sent another. */
export function pythonVersionIn(error: unknown): string | undefined {
  return /different version: (\d+\.\d+) than that in driver/.exec(textOf(error))?.[1];
}

/** The id under which the server keeps an error's whole text. */
export function errorIdOf(error: unknown): string | undefined {
  if (!(error instanceof ConnectError)) return undefined;
  for (const detail of error.details) {
    if (!("type" in detail) || detail.type !== "google.rpc.ErrorInfo") continue;
    return metadataOf(detail.value).get("errorId");
  }
  return undefined;
}

/** Field 3 of google.rpc.ErrorInfo is a map of strings. */
function metadataOf(bytes: Uint8Array): Map<string, string> {
  const metadata = new Map<string, string>();
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field !== 3) {
      reader.skip(wireType);
      continue;
    }
    const entry = new BinaryReader(reader.bytes());
    let [key, value] = ["", ""];
    while (entry.pos < entry.len) {
      const [part, type] = entry.tag();
      if (part === 1) key = entry.string();
      else if (part === 2) value = entry.string();
      else entry.skip(type);
    }
    metadata.set(key, value);
  }
  return metadata;
}

/** By what the server's text holds; first match first. */
const byText: readonly (readonly [RegExp, (text: string, cause: Error) => Error])[] = [
  [
    /CHECKPOINT_RDD_BLOCK_ID_NOT_FOUND|No DataFrame with id|Checkpoint block .* not found/,
    (text, cause) => new KeptRelationLost(firstLine(text), { cause }),
  ],
  [
    /INVALID_HANDLE\.|SESSION_CHANGED|SESSION_NOT_FOUND|SESSION_CLOSED/,
    (text, cause) =>
      millraceError("MR_SPARK_SESSION_LOST", `the session is gone: ${firstLine(text)}`, { cause }),
  ],
  [
    /No module named 'pyarrow'|No such file or directory: '[^']*'|the Node process ended|Cannot run program "[^"]*python/,
    (text, cause) =>
      millraceError("MR_SPARK_EXECUTOR", `an executor cannot run tasks: ${lastLine(text)}`, { cause }),
  ],
  [
    /ENHANCE_YOUR_CALM|RESOURCE_EXHAUSTED|larger than max|exceeds maximum/,
    (text, cause) =>
      millraceError("MR_INLINE_TOO_LARGE", `Spark refuses the data: ${firstLine(text)}`, { cause }),
  ],
];

/**
 * The coded error for what a call failed with. `serverText` is the server's whole account, when it could be
 * asked; what a user's function threw is found in it and becomes the cause, with its JavaScript stack, and
 * Spark's own account that one's cause.
 */
export function sparkFailure(error: unknown, address: string, serverText?: string): Error {
  if (error instanceof MillraceError || error instanceof KeptRelationLost) return error;
  const text = serverText ?? textOf(error);
  const cause = new Error(text, { cause: error });
  cause.name = "SparkError";
  const marked = text.indexOf(FAILURE_MARK);
  const end = text.indexOf(FAILURE_END, marked);
  if (marked >= 0 && end > marked) {
    const attempts = Number(/failed (\d+) times/.exec(text)?.[1] ?? 1);
    const data = text.slice(marked + FAILURE_MARK.length, end).replaceAll(/\s/g, "");
    const thrown = fromWireFailure(deserialize(Buffer.from(data, "base64")) as WireFailure);
    cause.message = withoutMarks(text);
    const failure = taskFailure(thrown, attempts);
    const inner = failure.cause;
    if (inner instanceof Error && inner.cause === undefined) inner.cause = cause;
    return failure;
  }
  for (const [pattern, make] of byText) if (pattern.test(text)) return make(text, cause);
  switch (error instanceof ConnectError ? error.code : undefined) {
    case Code.Unavailable:
    case Code.Canceled:
    case Code.Aborted:
      return millraceError("MR_SPARK_UNREACHABLE", `no answer from ${address}: ${firstLine(text)}`, {
        cause,
      });
    case Code.DeadlineExceeded:
      return millraceError("MR_SPARK_TIMEOUT", `${address} did not answer in time`, { cause });
    case Code.Unauthenticated:
    case Code.PermissionDenied:
      return millraceError("MR_SPARK_UNREACHABLE", `${address} lets us not in: ${firstLine(text)}`, {
        cause,
      });
    default:
      return millraceError("MR_SPARK_FAILED", firstLine(text), { cause });
  }
}

function textOf(error: unknown): string {
  return error instanceof ConnectError ? error.rawMessage : String(error);
}

function withoutMarks(text: string): string {
  return text.replaceAll(new RegExp(`${FAILURE_MARK}[^:]*${FAILURE_END}`, "g"), "").trim();
}

function firstLine(text: string): string {
  return text.trim().split("\n", 1)[0] ?? "";
}

function lastLine(text: string): string {
  return /^\S*(?:Error|Exception): .*$/m.exec(text)?.[0] ?? firstLine(text);
}
