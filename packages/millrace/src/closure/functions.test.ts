import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Script } from "node:vm";
import { Thread } from "./fixtures/thread.ts";
import { elsewhere } from "./fixtures/transport.ts";
import type { AnyFunction } from "./index.ts";

const ten = 10;
const settings = { unit: "ms", nested: { factors: [1, 2, 3] } };
const scale = (x: number): number => x * ten;
const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1));
function isEven(n: number): boolean {
  return n === 0 || isOdd(n - 1);
}
function isOdd(n: number): boolean {
  return n !== 0 && isEven(n - 1);
}

class Animal {
  static count = 0;
  static readonly kinds: string[] = ["animal"];
  static #hidden = "static private";
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
  get loud(): string {
    return this.name.toUpperCase();
  }
  describe(): string {
    return `${this.name} is ${this.kind()}`;
  }
  kind(): string {
    return "an animal";
  }
  static hidden(): string {
    return Animal.#hidden;
  }
  static make(): Dog {
    return new Dog("made");
  }
}
Animal.count = 7;
class Dog extends Animal {
  static override readonly kinds: string[] = [...Animal.kinds, "dog"];
  readonly bark = () => `${this.name}!`;
  override kind(): string {
    return `a dog, not ${super.kind()}`;
  }
  *letters(): Generator<string> {
    yield* this.name;
  }
}
const withMixin = (Base: new (name: string) => Animal) =>
  class extends Base {
    mixed(): string {
      return `mixed ${this.name}`;
    }
  };
class Mixed extends withMixin(Animal) {}
class Words extends Map<string, number> {
  total(): number {
    return [...this.values()].reduce((a, b) => a + b, 0);
  }
}
class Failure extends TypeError {
  readonly code = "E_FAIL";
}
// The way of before classes.
function Point(this: { x: number }, x: number): void {
  this.x = x;
}
Point.prototype.double = function (this: { x: number }): number {
  return this.x * 2;
};
const OldPoint = Point as unknown as new (x: number) => { double(): number };
const point = new OldPoint(4);

const rex = new Dog("rex");
const mixed = new Mixed("m");
const words = new Words([
  ["a", 1],
  ["b", 2],
]);
const failure = new Failure("no");
const library = {
  factor: 3,
  times(x: number): number {
    return x * this.factor;
  },
  async later(x: number): Promise<number> {
    return this.times(x);
  },
  get doubled(): number {
    return this.factor * 2;
  },
  set doubled(value: number) {
    this.factor = value / 2;
  },
  *count(to: number): Generator<number> {
    for (let i = 0; i < to; i++) yield i * ten;
  },
  ["comp" + "uted"](x: number): number {
    return x + ten;
  },
  "with space": (x: number) => x + 2,
};
const counted = Object.assign(
  (x: number) => {
    counted.calls += 1;
    return x + counted.calls;
  },
  { calls: 5 },
);
const maximum = Math.max;
const upper = String.prototype.toUpperCase;
function counter(): () => number {
  let count = 0;
  return () => ++count;
}
class Prefixer {
  readonly prefix = ">";
  adding(): (text: string) => string {
    return text => this.prefix + text;
  }
  destructuring(): (record: { text: string }, options?: { mark: string }) => string {
    return ({ text }, { mark } = { mark: this.prefix }) => mark + text;
  }
  nested(): () => string[] {
    return () => ["a", "b"].map(text => this.prefix + text);
  }
  asynchronous(): (text: string) => Promise<string> {
    return async text => this.prefix + text;
  }
}
const prefixer = new Prefixer();
function closures(): (() => number)[] {
  const made: (() => number)[] = [];
  for (let i = 0; i < 3; i++) made.push(() => i * ten);
  return made;
}
function caught(): () => string {
  try {
    throw new Error("inside");
  } catch (error) {
    return () => (error as Error).message;
  }
}
const evaluated = new Script("(() => { const inner = 5; return x => x + inner; })()").runInThisContext() as (
  x: number,
) => number;
const constructed = new Function("x", "return x + 1") as (x: number) => number;
// A sloppy function sees the global object as its `this`.
const sloppy = new Function("return this === globalThis") as () => boolean;

type Case = readonly [name: string, fn: AnyFunction, args: readonly unknown[], expected: unknown];
const cases: readonly Case[] = [
  ["a constant", (x: number) => x + ten, [1], 11],
  ["an object", (i: number) => settings.nested.factors[i] + settings.unit, [1], "2ms"],
  ["a helper", (x: number) => scale(x) + 1, [2], 21],
  ["recursion through a variable", factorial, [5], 120],
  ["mutual recursion", isEven, [7], false],
  ["mutual recursion of what is captured", () => [isEven(4), isOdd(4)], [], [true, false]],
  ["default values", (a: number, b = a + ten) => a + b, [1], 12],
  ["shadowing", (ten: number) => ten + 1, [1], 2],
  [
    "destructuring",
    ({ a, ...rest }: { a: number; b: number }) => [a, rest.b, ten],
    [{ a: 1, b: 2 }],
    [1, 2, 10],
  ],
  ["an async function", async (x: number) => (await Promise.resolve(x)) + ten, [1], 11],
  [
    "a generator",
    function* (to: number) {
      for (let i = 0; i < to; i++) yield i * ten;
    },
    [3],
    [0, 10, 20],
  ],
  [
    "an async generator",
    async function* () {
      yield ten;
    },
    [],
    [10],
  ],
  [
    "a function expression with arguments",
    function (..._: number[]) {
      // biome-ignore lint/complexity/noArguments: this is what is tried
      return arguments.length + ten;
    },
    [1, 2],
    12,
  ],
  ["a class and what its instances inherit", () => new Dog("a").describe(), [], "a is a dog, not an animal"],
  [
    "an instance",
    () => [rex.describe(), rex.loud, rex.bark(), [...rex.letters()].length],
    [],
    ["rex is a dog, not an animal", "REX", "rex!", 3],
  ],
  [
    "instanceof",
    () => [rex instanceof Dog, rex instanceof Animal, Object.keys(rex)],
    [],
    [true, true, ["name", "bark"]],
  ],
  [
    "static members",
    () => [Animal.count, Dog.kinds, Animal.hidden(), Animal.make().name],
    [],
    [7, ["animal", "dog"], "static private", "made"],
  ],
  ["a mixin", () => [mixed.mixed(), mixed.describe()], [], ["mixed m", "m is an animal"]],
  ["an heir of Map", () => [words.total(), words.get("b"), words instanceof Words], [], [3, 2, true]],
  [
    "an heir of an error",
    () => [failure.code, failure.message, failure instanceof TypeError, failure instanceof Failure],
    [],
    ["E_FAIL", "no", true, true],
  ],
  ["a function with a prototype", () => [point.double(), new OldPoint(5).double()], [], [8, 10]],
  [
    "an object's methods",
    () => [library.times(2), library.doubled, [...library.count(2)], library["with space"](1)],
    [],
    [6, 6, [0, 10], 3],
  ],
  [
    "a method taken out",
    {
      add(x: number) {
        return x + ten;
      },
    }.add,
    [2],
    12,
  ],
  ["an async method", async () => library.later(2), [], 6],
  ["a method with a computed name", library["computed"] as AnyFunction, [1], 11],
  ["a getter", Object.getOwnPropertyDescriptor(Animal.prototype, "loud")?.get as AnyFunction, [], "throws"],
  ["properties of a function", counted, [1], 7],
  ["a native function", () => maximum(1, 3), [], 3],
  ["a native function itself", Number.parseInt, ["12"], 12],
  ["a native method", (text: string) => upper.call(text), ["a"], "A"],
  ["a global", () => JSON.stringify([Math.sign(-2), typeof process.pid]), [], '[-1,"number"]'],
  ["what a closure counts", counter(), [], 1],
  ["the variable of a loop", closures()[2] as AnyFunction, [], 20],
  ["the variable of a catch", caught(), [], "inside"],
  ["this", prefixer.adding(), ["a"], ">a"],
  ["this and patterns", prefixer.destructuring(), [{ text: "a" }], ">a"],
  ["this of a function within", prefixer.nested(), [], [">a", ">b"]],
  ["this of an async function", prefixer.asynchronous(), ["a"], ">a"],
  ["this of a field's function", rex.bark, [], "rex!"],
  ["code of a script", evaluated, [1], 6],
  ["code of new Function", constructed, [1], 2],
  ["sloppy code", sloppy, [], true],
  [
    "typeof of what does not exist",
    () => typeof (globalThis as { nowhere?: unknown }).nowhere,
    [],
    "undefined",
  ],
];

async function outcome(fn: AnyFunction, args: readonly unknown[]): Promise<unknown> {
  try {
    const value: unknown = await (fn as (...args: unknown[]) => unknown)(...args);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    if (Symbol.iterator in value) return [...(value as Iterable<unknown>)];
    if (!(Symbol.asyncIterator in value)) return value;
    const yielded: unknown[] = [];
    for await (const element of value as AsyncIterable<unknown>) yielded.push(element);
    return yielded;
  } catch {
    return "throws";
  }
}

for (const [name, fn, args, expected] of cases) {
  test(`${name}, revived`, async () => {
    const revived = await elsewhere(fn);
    assert.deepEqual(await outcome(revived, args), expected);
    assert.equal(revived.name, fn.name);
    assert.equal(revived.length, fn.length);
  });
}

const thread = new Thread();
after(() => thread.close());
const isIterator = /generator/;
for (const [name, fn, args, expected] of cases.filter(
  ([name]) => !isIterator.test(name) && name !== "a getter",
)) {
  test(`${name}, in another thread`, async () => {
    assert.deepEqual(await thread.call(fn, ...args), expected);
  });
}

test("a function that was revived travels on", async () => {
  const again = await elsewhere(await elsewhere((x: number) => scale(x) + settings.nested.factors.length));
  assert.equal(again(1), 13);
});

test("a function defined in a worker", async () => {
  const { reviveClosure } = await import("./index.ts");
  const fn = (await reviveClosure(await thread.ship())) as (x: number) => number;
  assert.equal(fn(1), 101);
});

test("the program's own variables stay as they are", async () => {
  const calls = counted.calls;
  const revived = await elsewhere(counted);
  revived(1);
  assert.equal(counted.calls, calls);
});

test("no body runs while this is read", async () => {
  let ran = 0;
  class Tracked {
    readonly label = "tracked";
    functions(): AnyFunction[] {
      return [
        () => {
          ran++;
          return this.label;
        },
        (a = ran++) => [a, this.label],
        ({ b = ran++ }: { b?: number } = {}, [c = ran++]: number[] = []) => [b, c, this.label],
        async () => {
          ran++;
          return this.label;
        },
      ];
    }
  }
  for (const fn of new Tracked().functions()) await elsewhere(fn);
  assert.equal(ran, 0);
});
