import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from "node:http2";
import {
  create,
  type DescMessage,
  type DescMethodClientStreaming,
  type DescMethodServerStreaming,
  type DescMethodUnary,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import type { Platform } from "millrace/engine";
import { GRPC, GrpcError } from "./grpc-error.ts";
import { frameOf, MessageReader } from "./grpc-frames.ts";

/** How much may arrive before the other side waits for us; HTTP/2's own 64 KB make a large result slow. */
const WINDOW_BYTES = 8 << 20;

/** Until when a call may go on; both may be left out. */
export interface CallLimits {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

type Headers = Readonly<Record<string, string | string[] | number | undefined>>;

interface Call {
  /** `/package.Service/Method`. */
  readonly path: string;
  readonly requests: Iterable<Uint8Array>;
  readonly onMessage: (message: Uint8Array) => void;
  readonly limits: CallLimits;
}

/**
 * gRPC over one HTTP/2 connection, as much of it as Spark Connect needs. It is our own because a batch of a stream makes
 * a handful of calls, and general clients take milliseconds for each. Calls fail with a `GrpcError`; the next one
 * after a broken link connects again. While no call is open the connection does not keep the process alive.
 */
export class GrpcClient {
  readonly #baseUrl: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #platform: Platform;
  #connection: ClientHttp2Session | undefined;
  #openCalls = 0;

  /** Connects with the first call. `headers` go with each. */
  constructor(baseUrl: string, headers: Readonly<Record<string, string>>, platform: Platform) {
    this.#baseUrl = baseUrl;
    this.#headers = headers;
    this.#platform = platform;
  }

  async unary<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
    limits: CallLimits,
  ): Promise<MessageShape<O>> {
    return this.#answer(method, [request], limits);
  }

  async clientStream<I extends DescMessage, O extends DescMessage>(
    method: DescMethodClientStreaming<I, O>,
    requests: Iterable<MessageInitShape<I>>,
    limits: CallLimits,
  ): Promise<MessageShape<O>> {
    return this.#answer(method, requests, limits);
  }

  /** Ends when the server has sent all. */
  async serverStream<I extends DescMessage, O extends DescMessage>(
    method: DescMethodServerStreaming<I, O>,
    request: MessageInitShape<I>,
    onResponse: (response: MessageShape<O>) => void,
    limits: CallLimits,
  ): Promise<void> {
    await this.#call({
      path: pathOf(method),
      requests: encoded(method.input, [request]),
      onMessage: bytes => onResponse(fromBinary(method.output, bytes)),
      limits,
    });
  }

  /** Breaks the connection off, with all calls on it. */
  close(): void {
    this.#connection?.destroy();
    this.#connection = undefined;
  }

  async #answer<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O> | DescMethodClientStreaming<I, O>,
    requests: Iterable<MessageInitShape<I>>,
    limits: CallLimits,
  ): Promise<MessageShape<O>> {
    let answer: MessageShape<O> | undefined;
    await this.#call({
      path: pathOf(method),
      requests: encoded(method.input, requests),
      onMessage: bytes => {
        answer = fromBinary(method.output, bytes);
      },
      limits,
    });
    if (answer === undefined) throw new GrpcError(GRPC.internal, `${method.name} was not answered`);
    return answer;
  }

  async #call(call: Call): Promise<void> {
    const { timeoutMs, signal } = call.limits;
    const stream = this.#connected().request({
      [constants.HTTP2_HEADER_METHOD]: "POST",
      [constants.HTTP2_HEADER_PATH]: call.path,
      "content-type": "application/grpc",
      te: "trailers",
      ...(timeoutMs === undefined ? {} : { "grpc-timeout": `${timeoutMs}m` }),
      ...this.#headers,
    });
    this.#openCalls += 1;
    this.#connection?.ref();
    const giveUp = (error: GrpcError) => stream.destroy(error);
    const onAbort = () => giveUp(new GrpcError(GRPC.cancelled, "the call was given up"));
    const timer =
      timeoutMs === undefined
        ? undefined
        : this.#platform.timers.schedule(timeoutMs, () =>
            giveUp(new GrpcError(GRPC.deadlineExceeded, `no answer within ${timeoutMs} ms`)),
          );
    signal?.addEventListener("abort", onAbort);
    if (signal?.aborted === true) onAbort();
    try {
      const answered = statusOf(stream, call.onMessage);
      await Promise.all([answered, send(stream, call.requests)]);
    } finally {
      timer?.cancel();
      signal?.removeEventListener("abort", onAbort);
      // Also when it was not the server that ended it.
      stream.destroy();
      this.#openCalls -= 1;
      if (this.#openCalls === 0) this.#connection?.unref();
    }
  }

  #connected(): ClientHttp2Session {
    const known = this.#connection;
    if (known !== undefined && !known.closed && !known.destroyed) return known;
    const connection = connect(this.#baseUrl, { settings: { initialWindowSize: WINDOW_BYTES } });
    this.#connection = connection;
    connection.once("connect", () => connection.setLocalWindowSize(WINDOW_BYTES));
    // Each of its calls fails with the reason.
    connection.on("error", () => {});
    // The server takes no more calls on it.
    connection.once("goaway", () => {
      if (this.#connection === connection) this.#connection = undefined;
    });
    return connection;
  }
}

function pathOf({ parent, name }: { readonly parent: { readonly typeName: string }; readonly name: string }) {
  return `/${parent.typeName}/${name}`;
}

function* encoded<I extends DescMessage>(
  input: I,
  requests: Iterable<MessageInitShape<I>>,
): Generator<Uint8Array> {
  for (const request of requests) yield toBinary(input, create(input, request));
}

/** Sends the requests, one after the other as the server takes them. */
async function send(stream: ClientHttp2Stream, requests: Iterable<Uint8Array>): Promise<void> {
  for (const request of requests) {
    if (stream.destroyed || stream.closed) return;
    for (const part of frameOf(request)) stream.write(part);
    if (stream.writableNeedDrain) await drained(stream);
  }
  stream.end();
}

/** Waits until there is room, or the stream has closed: what became of it is told by its status. */
function drained(stream: ClientHttp2Stream): Promise<void> {
  return new Promise(resolve => {
    const go = () => {
      stream.off("drain", go);
      stream.off("close", go);
      resolve();
    };
    stream.once("drain", go);
    stream.once("close", go);
  });
}

/** Waits for the end of a call. @throws GrpcError unless the server says that all went well */
function statusOf(stream: ClientHttp2Stream, onMessage: (message: Uint8Array) => void): Promise<void> {
  const reader = new MessageReader(onMessage);
  let status: Headers | undefined;
  let httpStatus: number | undefined;
  let problem: Error | undefined;
  let thrown: { readonly error: unknown } | undefined;
  stream.on("response", headers => {
    httpStatus = headers[":status"];
    if (headers["grpc-status"] !== undefined) status = headers;
  });
  stream.on("trailers", trailers => {
    status = trailers;
  });
  stream.on("data", (chunk: Buffer) => {
    try {
      reader.push(chunk);
    } catch (error) {
      thrown ??= { error };
      stream.close(constants.NGHTTP2_CANCEL);
    }
  });
  stream.on("error", error => {
    problem ??= error;
  });
  return new Promise((resolve, reject) => {
    stream.once("close", () => {
      const code = Number(status?.["grpc-status"]);
      if (thrown !== undefined) reject(thrown.error);
      else if (code === 0 && problem === undefined) resolve();
      else if (status !== undefined && problem === undefined) reject(errorOf(code, status));
      else reject(brokenBy(problem, httpStatus, stream.rstCode));
    });
  });
}

function errorOf(code: number, status: Headers): GrpcError {
  const message = decodeURIComponent(String(status["grpc-message"] ?? ""));
  const details = status["grpc-status-details-bin"];
  return new GrpcError(
    Number.isNaN(code) ? GRPC.unknown : code,
    message,
    details === undefined ? undefined : Buffer.from(String(details), "base64"),
  );
}

/** The error of a call that ended without a status. */
function brokenBy(
  problem: Error | undefined,
  httpStatus: number | undefined,
  rstCode: number | undefined,
): GrpcError {
  if (problem instanceof GrpcError) return problem;
  const text = problem?.message ?? "the connection was closed";
  if (rstCode === constants.NGHTTP2_ENHANCE_YOUR_CALM || /ENHANCE_YOUR_CALM/.test(text)) {
    return new GrpcError(GRPC.resourceExhausted, `the stream was closed: NGHTTP2_ENHANCE_YOUR_CALM`);
  }
  if (httpStatus !== undefined && httpStatus !== 200) {
    return new GrpcError(GRPC.unavailable, `the server answered with HTTP status ${httpStatus}`);
  }
  return new GrpcError(GRPC.unavailable, text);
}
