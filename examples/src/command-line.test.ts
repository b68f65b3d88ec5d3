import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hostAndPort, UsageError } from "./command-line.ts";

describe("hostAndPort", () => {
  it("reads both", () => assert.deepEqual(hostAndPort(["localhost", "9999"], "A"), ["localhost", 9999]));

  for (const [args, message] of [
    [[], /^Usage: A <host> <port>$/],
    [["localhost"], /^Usage: A <host> <port>$/],
    [["localhost", "1", "2"], /^Usage/],
    [["localhost", "0"], /from 1 to 65535, not "0"/],
    [["localhost", "65536"], /not "65536"/],
    [["localhost", "99.5"], /not "99\.5"/],
    [["localhost", "http"], /not "http"/],
  ] as const) {
    it(`refuses "${args.join(" ")}"`, () => {
      assert.throws(
        () => hostAndPort(args, "A"),
        error => error instanceof UsageError && message.test(error.message),
      );
    });
  }
});
