import assert from "node:assert/strict";
import { test } from "node:test";
import { type ErrorCode, MillraceError } from "../errors/index.ts";
import { createDeterministicPlatform } from "./deterministic/index.ts";
import type { Connection, ConnectionHandlers, Network } from "./platform.ts";
import { systemPlatform } from "./system/index.ts";

const worlds: [name: string, make: () => Network][] = [
  ["system", () => systemPlatform.network],
  ["simulated", () => createDeterministicPlatform({ seed: 1 }).network],
];

/** Handlers that keep what they are told; `closed` resolves to the error, if any. */
function recorder(): ConnectionHandlers & {
  received: () => string;
  events: string[];
  closed: Promise<Error | undefined>;
  until: (length: number) => Promise<void>;
} {
  const { promise: closed, resolve } = Promise.withResolvers<Error | undefined>();
  const chunks: Uint8Array[] = [];
  const events: string[] = [];
  let waiting: { length: number; done: () => void } | undefined;
  const received = (): string => Buffer.concat(chunks).toString();
  return {
    events,
    closed,
    received,
    until: length =>
      new Promise(done => {
        if (received().length >= length) done();
        else waiting = { length, done };
      }),
    onConnect: () => events.push("connect"),
    onData: bytes => {
      if (events.at(-1) !== "data") events.push("data");
      chunks.push(bytes.slice());
      if (waiting !== undefined && received().length >= waiting.length) waiting.done();
    },
    onClose: error => {
      events.push("close");
      resolve(error);
    },
  };
}

const coded = (error: unknown, code: ErrorCode, ...parts: string[]): boolean =>
  error instanceof MillraceError && error.code === code && parts.every(part => error.message.includes(part));

for (const [name, make] of worlds) {
  test(`${name} network: both ends talk, then close`, async () => {
    const network = make();
    const server = recorder();
    let accepted: Connection | undefined;
    const listener = await network.listen(0, connection => {
      accepted = connection;
      return server;
    });
    assert.ok(listener.port > 0);
    const client = recorder();
    const connection = network.connect("localhost", listener.port, client);
    await connection.write("early ");
    await server.until(6);
    await accepted?.write(new TextEncoder().encode("hällo"));
    await client.until(5);
    await connection.write("bye");
    connection.close();
    connection.close();
    assert.equal(await server.closed, undefined);
    assert.equal(await client.closed, undefined);
    assert.equal(server.received(), "early bye");
    assert.equal(client.received(), "hällo");
    assert.deepEqual(client.events, ["connect", "data", "close"]);
    await connection.write("into the void");
    await listener.close();
  });

  test(`${name} network: what was written arrives before the close`, async () => {
    const network = make();
    const listener = await network.listen(0, connection => {
      void connection.write("a".repeat(300_000)).then(() => connection.close());
      return recorder();
    });
    const client = recorder();
    network.connect("127.0.0.1", listener.port, client);
    assert.equal(await client.closed, undefined);
    assert.equal(client.received().length, 300_000);
    await listener.close();
  });

  test(`${name} network: a reader that pauses slows the writer down`, async () => {
    const network = make();
    const client = recorder();
    const chunk = "x".repeat(1 << 20);
    const chunks = 32; // More than the buffers of any kernel.
    let taken = 0;
    const listener = await network.listen(0, connection => {
      const writeAll = async (): Promise<void> => {
        for (; taken < chunks; taken++) await connection.write(chunk);
        connection.close();
      };
      void writeAll();
      return recorder();
    });
    const connection = network.connect("127.0.0.1", listener.port, client);
    connection.pause();
    for (let turn = 0; turn < 50; turn++) await systemPlatform.timers.yieldTurn();
    assert.ok(taken < chunks);
    assert.equal(client.received(), "");
    connection.resume();
    await client.closed;
    assert.equal(client.received().length, chunks * chunk.length);
    await listener.close();
  });

  test(`${name} network: nobody listens`, async () => {
    const network = make();
    const listener = await network.listen(0, () => recorder());
    await listener.close();
    const client = recorder();
    const connection = network.connect("127.0.0.1", listener.port, client);
    const error = await client.closed;
    assert.ok(coded(error, "MR_NETWORK", `127.0.0.1:${listener.port}`, "ECONNREFUSED"), String(error));
    assert.deepEqual(client.events, ["close"]);
    await connection.write("x");
  });

  test(`${name} network: a port is taken once, and free again after`, async () => {
    const network = make();
    const first = await network.listen(0, () => recorder());
    await assert.rejects(
      network.listen(first.port, () => recorder()),
      error => coded(error, "MR_NETWORK", String(first.port), "EADDRINUSE"),
    );
    await first.close();
    await (await network.listen(first.port, () => recorder())).close();
  });

  test(`${name} network: closing the listener closes its connections`, async () => {
    const network = make();
    const server = recorder();
    const listener = await network.listen(0, () => server);
    const client = recorder();
    const connection = network.connect("127.0.0.1", listener.port, client);
    await connection.write("hi");
    await server.until(2);
    await listener.close();
    assert.equal(await client.closed, undefined);
    await server.closed;
  });

  test(`${name} network: ports out of range`, async () => {
    const network = make();
    for (const port of [-1, 65536, 1.5, Number.NaN, 0]) {
      assert.throws(
        () => network.connect("localhost", port, recorder()),
        error => coded(error, "MR_BAD_ARGUMENT", String(port)),
      );
    }
    await assert.rejects(
      async () => network.listen(65536, () => recorder()),
      error => coded(error, "MR_BAD_ARGUMENT"),
    );
  });
}

test("simulated network: a host that is not there", async () => {
  const client = recorder();
  createDeterministicPlatform({ seed: 1 }).network.connect("example.invalid", 9999, client);
  assert.ok(coded(await client.closed, "MR_NETWORK", "ENOTFOUND"));
});
