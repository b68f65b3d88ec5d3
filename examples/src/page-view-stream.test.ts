import assert from "node:assert/strict";
import { it } from "node:test";
import { Seconds } from "millrace";
import { streamTest } from "millrace/testing";
import { formatPageView, type PageView, parsePageView } from "./page-view.ts";
import { inventPageView } from "./page-view-generator.ts";
import {
  activeUserCount,
  errorRatePerZipCode,
  pageCounts,
  popularUsersSeen,
  slidingPageCounts,
} from "./page-view-stream.ts";

const view = (url: string, status: number, zipCode: number, userId: number): PageView => ({
  url,
  status,
  zipCode,
  userId,
});
const views = [
  [view("/", 200, 1, 1), view("/", 404, 1, 2), view("/a", 200, 2, 1)],
  [view("/", 200, 1, 7)],
  [],
  [view("/a", 404, 1, 8)],
];
const table = streamTest({ interval: Seconds(1) }).input<PageView>(views);

it("PageViewStream counts pages", () =>
  table.run(pageCounts).expect([
    [
      ["/", 2],
      ["/a", 1],
    ],
    [["/", 1]],
    [],
    [["/a", 1]],
  ]));

it("PageViewStream counts the pages of ten seconds", () =>
  table.run(slidingPageCounts).expect([
    [
      ["/", 3],
      ["/a", 1],
    ],
    [
      ["/", 3],
      ["/a", 2],
    ],
  ]));

it("PageViewStream gives the rate of errors by zip code", () =>
  table.run(errorRatePerZipCode).expect([
    [
      [1, 1 / 3],
      [2, 0],
    ],
    [
      [1, 0.5],
      [2, 0],
    ],
  ]));

it("PageViewStream counts users", () => table.run(activeUserCount).expect([[3], [4]]));

it("PageViewStream names the users it knows", () =>
  table
    .run(popularUsersSeen)
    .expect([["Patrick Wendell saw /", "Reynold Xin saw /", "Patrick Wendell saw /a"], [], [], []]));

it("page views travel as lines", () => {
  for (const at of [0, 0.5, 0.999]) {
    const invented = inventPageView(() => at);
    assert.deepEqual(parsePageView(formatPageView(invented)), invented);
  }
});
