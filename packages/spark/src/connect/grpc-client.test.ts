import assert from "node:assert/strict";
import { createServer, type Http2Server, type ServerHttp2Session, type ServerHttp2Stream } from "node:http2";
import { after, test } from "node:test";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { systemPlatform } from "millrace/engine";
import {
  AddArtifactsRequestSchema,
  AddArtifactsResponseSchema,
  ExecutePlanResponseSchema,
  ReleaseSessionResponseSchema,
  SparkConnectService,
} from "../gen/spark/connect/base_pb.ts";
import { GrpcClient } from "./grpc-client.ts";
import { GRPC, type GrpcError } from "./grpc-error.ts";
import { frameOf, MessageReader } from "./grpc-frames.ts";

const { releaseSession, executePlan, addArtifacts } = SparkConnectService.method;
const answer = toBinary(
  ReleaseSessionResponseSchema,
  create(ReleaseSessionResponseSchema, { sessionId: "answered" }),
);
const result = toBinary(ExecutePlanResponseSchema, create(ExecutePlanResponseSchema, { operationId: "one" }));

interface Served {
  readonly client: GrpcClient;
  readonly server: Http2Server;
  readonly sessions: Set<ServerHttp2Session>;
}

async function serve(onStream: (stream: ServerHttp2Stream, path: string) => void): Promise<Served> {
  const server = createServer();
  const sessions = new Set<ServerHttp2Session>();
  server.on("session", session => sessions.add(session));
  server.on("stream", (stream, headers) => {
    stream.on("error", () => {});
    onStream(stream, String(headers[":path"]));
  });
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const client = new GrpcClient(`http://127.0.0.1:${port}`, { authorization: "Bearer x" }, systemPlatform);
  after(() => {
    client.close();
    for (const session of sessions) session.destroy();
    server.close();
  });
  return { client, server, sessions };
}

/** Answers with these bytes and trailers. */
function reply(
  stream: ServerHttp2Stream,
  bytes: readonly Uint8Array[],
  trailers: Record<string, string>,
): void {
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers(trailers));
  for (const part of bytes) stream.write(part);
  stream.end();
}

test("a call is answered", async () => {
  const { client } = await serve((stream, path) => {
    assert.equal(path, "/spark.connect.SparkConnectService/ReleaseSession");
    reply(stream, frameOf(answer), { "grpc-status": "0" });
  });
  const { sessionId } = await client.unary(releaseSession, {}, { timeoutMs: 10_000 });
  assert.equal(sessionId, "answered");
});

test("answers of a stream arrive one by one, however they are cut", async () => {
  const bytes = Buffer.concat([...frameOf(result), ...frameOf(result)]);
  const { client } = await serve(stream =>
    reply(stream, [bytes.subarray(0, 3), bytes.subarray(3, 9), bytes.subarray(9)], { "grpc-status": "0" }),
  );
  const ids: string[] = [];
  await client.serverStream(executePlan, {}, ({ operationId }) => ids.push(operationId), {});
  assert.deepEqual(ids, ["one", "one"]);
});

test("requests of a stream, large ones too, arrive whole", async () => {
  const sizes: number[] = [];
  const { client } = await serve(stream => {
    const reader = new MessageReader(bytes => {
      const { payload } = fromBinary(AddArtifactsRequestSchema, bytes);
      sizes.push(payload.case === "chunk" ? payload.value.data.length : -1);
    });
    stream.on("data", (chunk: Buffer) => reader.push(chunk));
    const bytes = toBinary(AddArtifactsResponseSchema, create(AddArtifactsResponseSchema));
    stream.on("end", () => reply(stream, frameOf(bytes), { "grpc-status": "0" }));
  });
  const wanted = [1, 100, 3_000_000, 70_000];
  const requests = wanted.map(size => ({
    payload: { case: "chunk" as const, value: { data: new Uint8Array(size), crc: 0n } },
  }));
  await client.clientStream(addArtifacts, requests, { timeoutMs: 10_000 });
  assert.deepEqual(sizes, wanted);
});

const failures: readonly (readonly [
  name: string,
  serve: (stream: ServerHttp2Stream) => void,
  expected: Partial<GrpcError>,
])[] = [
  [
    "an error of the server",
    stream => reply(stream, [], { "grpc-status": "13", "grpc-message": "it%20broke" }),
    { code: GRPC.internal, message: "it broke" },
  ],
  [
    "an error instead of an answer",
    stream => stream.respond({ ":status": 200, "grpc-status": "7" }, { endStream: true }),
    { code: GRPC.permissionDenied },
  ],
  [
    "something else listens there",
    stream => stream.respond({ ":status": 404 }, { endStream: true }),
    { code: GRPC.unavailable, message: "the server answered with HTTP status 404" },
  ],
  ["nothing comes", () => {}, { code: GRPC.deadlineExceeded }],
  ["the link breaks", stream => stream.session?.destroy(), { code: GRPC.unavailable }],
  ["the stream is closed", stream => stream.close(11), { code: GRPC.resourceExhausted }],
];

for (const [name, onStream, expected] of failures) {
  test(`${name}: the call fails with code ${expected.code}`, async () => {
    const { client } = await serve(onStream);
    const timeoutMs = expected.code === GRPC.deadlineExceeded ? 50 : 10_000;
    await assert.rejects(client.unary(releaseSession, {}, { timeoutMs }), expected);
  });
}

test("after a broken link the next call connects again", async () => {
  let calls = 0;
  const { client } = await serve(stream => {
    calls += 1;
    if (calls === 1) stream.session?.destroy();
    else reply(stream, frameOf(answer), { "grpc-status": "0" });
  });
  await assert.rejects(client.unary(releaseSession, {}, {}), { code: GRPC.unavailable });
  assert.equal((await client.unary(releaseSession, {}, {})).sessionId, "answered");
});

test("a call that is given up ends at once", async () => {
  const { client } = await serve(() => {});
  const abort = new AbortController();
  const call = client.serverStream(executePlan, {}, () => {}, { signal: abort.signal });
  abort.abort();
  await assert.rejects(call, { code: GRPC.cancelled });
});
