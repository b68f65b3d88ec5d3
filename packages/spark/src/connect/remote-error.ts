import { deserialize } from "node:v8";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import {
  fromWireFailure,
  MillraceError,
  millraceError,
  taskFailure,
  type WireFailure,
} from "millrace/engine";
import { FAILURE_END, FAILURE_MARK } from "../engine/stage-program.ts";
import { GRPC, GrpcError } from "./grpc-error.ts";

/** What a persisted partition was kept in is gone: an executor died, or another job unpersisted it. */
export class KeptRelationLost extends Error {}

/** Names the worker's Python when the client sent another. */
export function pythonVersionIn(error: unknown): string | undefined {
  return /different version: (\d+\.\d+) than that in driver/.exec(textOf(error))?.[1];
}

/** The id under which the server keeps an error's whole text. */
export function errorIdOf(error: unknown): string | undefined {
  if (!(error instanceof GrpcError) || error.status === undefined) return undefined;
  // Field 3 of google.rpc.Status: details, each with the name of its type and its bytes.
  for (const detail of fieldsOf(error.status, 3)) {
    const [type] = fieldsOf(detail, 1);
    const [info] = fieldsOf(detail, 2);
    if (info === undefined || !textIn(type).endsWith("/google.rpc.ErrorInfo")) continue;
    // Field 3 of google.rpc.ErrorInfo: a map of strings.
    for (const entry of fieldsOf(info, 3)) {
      const [[key], [value]] = [fieldsOf(entry, 1), fieldsOf(entry, 2)];
      if (textIn(key) === "errorId") return textIn(value);
    }
  }
  return undefined;
}

/** All values of a field whose type has a length, in a serialised message. */
function fieldsOf(message: Uint8Array, wanted: number): Uint8Array[] {
  const values: Uint8Array[] = [];
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === wanted && wireType === WireType.LengthDelimited) values.push(reader.bytes());
    else reader.skip(wireType);
  }
  return values;
}

function textIn(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString();
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
  switch (error instanceof GrpcError ? error.code : undefined) {
    case GRPC.unavailable:
    case GRPC.cancelled:
    case GRPC.aborted:
      return millraceError("MR_SPARK_UNREACHABLE", `no answer from ${address}: ${firstLine(text)}`, {
        cause,
      });
    case GRPC.deadlineExceeded:
      return millraceError("MR_SPARK_TIMEOUT", `${address} did not answer in time`, { cause });
    case GRPC.unauthenticated:
    case GRPC.permissionDenied:
      return millraceError("MR_SPARK_UNREACHABLE", `${address} lets us not in: ${firstLine(text)}`, {
        cause,
      });
    default:
      return millraceError("MR_SPARK_FAILED", firstLine(text), { cause });
  }
}

function textOf(error: unknown): string {
  return error instanceof GrpcError ? error.message : String(error);
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
