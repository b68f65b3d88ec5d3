import assert from "node:assert/strict";
import { test } from "node:test";
import { type ErrorCode, MillraceError, NumberFormatException } from "../errors/index.ts";
import {
  Duration,
  Durations,
  Interval,
  Milliseconds,
  Minutes,
  parseTimeStringAs,
  Seconds,
  Time,
  type TimeUnit,
  toDuration,
} from "./index.ts";

const d = (ms: number): Duration => new Duration(ms);
const t = (ms: number): Time => new Time(ms);
const coded =
  (code: ErrorCode) =>
  (error: unknown): boolean =>
    error instanceof MillraceError && error.code === code;

const cases: [name: string, actual: unknown, expected: unknown][] = [
  ["Duration less", [d(999).less(d(1000)), d(1000).less(d(1000)), d(1).less(d(0))], [true, false, false]],
  [
    "Duration lessEq",
    [d(999).lessEq(d(1000)), d(1000).lessEq(d(1000)), d(1).lessEq(d(0))],
    [true, true, false],
  ],
  [
    "Duration greater",
    [d(999).greater(d(1000)), d(1).greater(d(1)), d(1).greater(d(0))],
    [false, false, true],
  ],
  [
    "Duration greaterEq",
    [d(0).greaterEq(d(1)), d(1).greaterEq(d(1)), d(2).greaterEq(d(1))],
    [false, true, true],
  ],
  [
    "Duration plus, minus, times",
    [d(1000).plus(d(1)).milliseconds, d(1).minus(d(3)).milliseconds, d(5).times(3).milliseconds],
    [1001, -2, 15],
  ],
  ["Duration div is real", [d(1000).div(d(2000)), d(1000).div(d(1))], [0.5, 1000]],
  [
    "Duration isMultipleOf",
    [d(1000).isMultipleOf(d(5)), d(1000).isMultipleOf(d(6)), d(5).isMultipleOf(d(0))],
    [true, false, false],
  ],
  ["Duration min, max", [d(999).min(d(1000)).milliseconds, d(999).max(d(1000)).milliseconds], [999, 1000]],
  ["Duration isZero", [d(0).isZero, d(-0).isZero, d(1).isZero], [true, true, false]],
  [
    "Duration texts",
    [d(200)[Symbol.toPrimitive]("default"), d(200).toString(), d(200).toFormattedString()],
    ["200 ms", "200 ms", "200"],
  ],
  ["Duration compares as a number", [d(1) < d(2), Number(d(7))], [true, 7]],
  ["Duration never is -0", Object.is(d(-0).milliseconds, 0), true],
  [
    "prettyPrint",
    [0, 999, 1000, 1462, 60_000, 64_034, 3_600_000, 36_064_000].map(ms => d(ms).prettyPrint()),
    ["0 ms", "999 ms", "1.0 s", "1.5 s", "1.0 m", "1.1 m", "1.00 h", "10.02 h"],
  ],
  [
    "factories",
    [Milliseconds(5), Seconds(5), Minutes(5), Seconds(0.2), Durations.seconds(1)].map(x => x.milliseconds),
    [5, 5000, 300_000, 200, 1000],
  ],
  [
    "toDuration",
    [d(3), 250, "10s", "200ms", "1min", " 2H ", "1d", "3000us", "7"].map(x => toDuration(x).milliseconds),
    [3, 250, 10_000, 200, 60_000, 7_200_000, 86_400_000, 3, 7],
  ],

  [
    "Time order",
    [t(0).less(t(1)), t(1).lessEq(t(1)), t(1).greater(t(1)), t(0).greaterEq(t(1))],
    [true, true, false, false],
  ],
  [
    "Time plus, minus",
    [t(1000).plus(d(100)), t(1000).minus(t(100)), t(1000).minus(d(100))],
    [t(1100), d(900), t(900)],
  ],
  [
    "Time floor",
    [1350, 200, 199, 0, -1].map(ms => t(ms).floor(d(200)).milliseconds),
    [1200, 200, 0, 0, -200],
  ],
  [
    "Time floor from a zero",
    [
      [1350, 150],
      [1350, 100],
      [149, 150],
    ].map(([ms = 0, zero = 0]) => t(ms).floor(d(200), t(zero)).milliseconds),
    [1350, 1300, -50],
  ],
  ["Time isMultipleOf", [t(1000).isMultipleOf(d(5)), t(1000).isMultipleOf(d(6))], [true, false]],
  ["Time min, max", [t(999).min(t(1000)).milliseconds, t(999).max(t(1000)).milliseconds], [999, 1000]],
  [
    "Time until",
    [t(1000).until(t(1100), d(50)), t(1000).until(t(1000), d(100)), t(2).until(t(1), d(1))],
    [[t(1000), t(1050)], [], []],
  ],
  [
    "Time to",
    [t(1000).to(t(1100), d(50)), t(1000).to(t(1000), d(100)), t(0).to(t(5), d(3))],
    [[t(1000), t(1050), t(1100)], [t(1000)], [t(0), t(3)]],
  ],
  ["Time steps backwards", t(2).to(t(0), d(-1)), [t(2), t(1), t(0)]],
  ["Time texts", [t(1000).toString(), t(3) > t(2)], ["1000 ms", true]],

  [
    "Interval shifts",
    [new Interval(t(0), t(5)).plus(d(2)), new Interval(t(0), t(5)).minus(d(2))],
    [new Interval(t(2), t(7)), new Interval(t(-2), t(3))],
  ],
  [
    "Interval duration and text",
    [new Interval(t(1), t(5)).duration, `${new Interval(t(1), t(5))}`],
    [d(4), "[1 ms, 5 ms]"],
  ],
  [
    "Interval less",
    [
      new Interval(t(0), t(5)).less(new Interval(t(1), t(6))),
      new Interval(t(0), t(5)).less(new Interval(t(0), t(5))),
    ],
    [true, false],
  ],
  [
    "Interval lessEq, greater, greaterEq",
    [
      new Interval(t(0), t(5)).lessEq(new Interval(t(0), t(5))),
      new Interval(t(1), t(6)).greater(new Interval(t(0), t(5))),
      new Interval(t(0), t(5)).greaterEq(new Interval(t(0), t(5))),
    ],
    [true, true, true],
  ],
  [
    "Interval now",
    Interval.currentInterval(d(100), { now: () => 1234, monotonic: () => 0 }),
    new Interval(t(1200), t(1300)),
  ],

  [
    "seconds",
    ["1", "1000ms", "1999ms", "-1s", "1m", "1min", "1h", "2d"].map(text => parseTimeStringAs(text, "s")),
    [1, 1, 1, -1, 60, 60, 3600, 172_800],
  ],
  [
    "milliseconds",
    ["1", "1s", "1500us", "999us", "1m"].map(text => parseTimeStringAs(text, "ms")),
    [1, 1000, 1, 0, 60_000],
  ],
];
for (const [name, actual, expected] of cases) test(name, () => assert.deepEqual(actual, expected));

const errors: [name: string, run: () => unknown, code: ErrorCode][] = [
  ...[0.5, Number.NaN, Infinity, 2 ** 60].flatMap((ms): [string, () => unknown, ErrorCode][] => [
    [`Duration ${ms}`, () => d(ms), "MR_BAD_ARGUMENT"],
    [`Time ${ms}`, () => t(ms), "MR_BAD_ARGUMENT"],
    [`Milliseconds ${ms}`, () => Milliseconds(ms), "MR_BAD_ARGUMENT"],
    [`toDuration ${ms}`, () => toDuration(ms), "MR_BAD_ARGUMENT"],
  ]),
  ["Seconds 0.0005", () => Seconds(0.0005), "MR_BAD_ARGUMENT"],
  ["times a fraction that leaves one", () => d(1).times(1.5), "MR_BAD_ARGUMENT"],
  ["floor by zero", () => t(5).floor(d(0)), "MR_BAD_ARGUMENT"],
  ["until by zero", () => t(0).until(t(5), d(0)), "MR_BAD_ARGUMENT"],
  ["toDuration of a part of a millisecond", () => toDuration("5us"), "MR_BAD_ARGUMENT"],
  ["toDuration of null", () => toDuration(null as unknown as string), "MR_BAD_ARGUMENT"],
  [
    "intervals of different length",
    () => new Interval(t(0), t(5)).less(new Interval(t(0), t(6))),
    "MR_BAD_ARGUMENT",
  ],
  ...[
    "",
    "s",
    "1.5s",
    "ten",
    "10 s",
    "10x",
    "1e3",
    "0x10",
    "10s10s",
    "constructor",
    "1constructor",
    "99999999999d",
  ].map((text): [string, () => unknown, ErrorCode] => [
    `time "${text}"`,
    () => parseTimeStringAs(text, "ms"),
    "MR_CONF_BAD_NUMBER",
  ]),
];
for (const [name, run, code] of errors) test(`${name}: ${code}`, () => assert.throws(run, coded(code)));

test("a text that is no time is a NumberFormatException", () => {
  const units: TimeUnit[] = ["us", "s"];
  for (const unit of units) assert.throws(() => parseTimeStringAs("600l", unit), NumberFormatException);
});

test("comparing intervals of different length says what Spark says", () => {
  assert.throws(
    () => new Interval(t(0), t(5)).greater(new Interval(t(0), t(6))),
    /Comparing two intervals with different durations/,
  );
});
