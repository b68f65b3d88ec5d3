import assert from "node:assert/strict";
import { test } from "node:test";
import { parseConnectUrl } from "./connect-url.ts";

const plain = { userId: "millrace", token: undefined, node: "node" };
const cases: readonly (readonly [string, object])[] = [
  ["sc://host", { ...plain, baseUrl: "http://host:15002" }],
  ["sc://127.0.0.1:7", { ...plain, baseUrl: "http://127.0.0.1:7" }],
  ["sc://[::1]:7/", { ...plain, baseUrl: "http://[::1]:7" }],
  [
    "sc://h/;user_id=ann%20b;node=/opt/node",
    { ...plain, baseUrl: "http://h:15002", userId: "ann b", node: "/opt/node" },
  ],
  ["sc://h/;use_ssl=true", { ...plain, baseUrl: "https://h:15002" }],
  ["sc://h/;token=a=b", { ...plain, baseUrl: "https://h:15002", token: "a=b" }],
];

for (const [url, expected] of cases) test(url, () => assert.deepEqual(parseConnectUrl(url), expected));

for (const url of ["sc://", "sc://h:0", "sc://h:70000", "sc://h:x", "spark://h:7077", "sc://a b:1/x"]) {
  test(`${url} is refused`, () =>
    assert.throws(() => parseConnectUrl(url), {
      code: "MR_MASTER_INVALID",
      message: `${url} is no address of a Spark Connect server`,
    }));
}
