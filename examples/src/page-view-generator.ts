/**
 * Serves invented page views of a web shop to whoever connects, a line each; `PageViewStream` looks at them.
 *
 *     npx millrace run-example PageViewGenerator 44444 10
 */
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import type { SparkConf } from "millrace";
import { hostAndPort, runIfMain, UsageError } from "./command-line.ts";
import { formatPageView, type PageView } from "./page-view.ts";

/** What is looked at, and how often. */
const pages: readonly [url: string, share: number][] = [
  ["http://foo.com/", 0.7],
  ["http://foo.com/news", 0.2],
  ["http://foo.com/contact", 0.1],
];
const statuses: readonly [status: number, share: number][] = [
  [200, 0.95],
  [404, 0.05],
];
const zipCodes: readonly [zipCode: number, share: number][] = [
  [94_709, 0.5],
  [94_117, 0.5],
];
const users: readonly [userId: number, share: number][] = Array.from({ length: 100 }, (_, id) => [
  id + 1,
  0.01,
]);

/** An invented page view; `random` gives numbers from 0 to 1. */
export function inventPageView(random: () => number = Math.random): PageView {
  return {
    url: pick(pages, random()),
    status: pick(statuses, random()),
    zipCode: pick(zipCodes, random()),
    userId: pick(users, random()),
  };
}

function pick<T>(choices: readonly [T, number][], at: number): T {
  let reached = 0;
  for (const [choice, share] of choices) {
    reached += share;
    if (at < reached) return choice;
  }
  return (choices[choices.length - 1] as [T, number])[0];
}

/** Sends so many page views a second to every connection. */
export function servePageViews(viewsPerSecond: number): Server {
  return createServer(socket => {
    const timer = setInterval(
      () => socket.write(`${formatPageView(inventPageView())}\n`),
      1000 / viewsPerSecond,
    );
    socket.on("close", () => clearInterval(timer)).on("error", () => {});
  });
}

/** Runs the example until Ctrl-C: `<port> <viewsPerSecond>`. */
export async function run(args: readonly string[], _conf?: SparkConf): Promise<void> {
  const [portText = "", viewsText = ""] = args;
  const viewsPerSecond = Number(viewsText);
  if (args.length !== 2 || !(viewsPerSecond > 0)) {
    throw new UsageError("Usage: PageViewGenerator <port> <viewsPerSecond>");
  }
  const [, port] = hostAndPort(["localhost", portText], "PageViewGenerator", "<port> <viewsPerSecond>");
  const server = servePageViews(viewsPerSecond).listen(port);
  await once(server, "listening");
  console.log(`page views on port ${port}`);
  await once(server, "close");
}

await runIfMain(import.meta.filename, run);
