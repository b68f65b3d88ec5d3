import assert from "node:assert/strict";
import { test } from "node:test";
import { StorageLevel } from "../plan/index.ts";
import { withContext } from "./fixtures/contexts.ts";

class Vector {
  static readonly zero = new Vector(0, 0);
  readonly x: number;
  readonly y: number;
  constructor(x: number, y: number) {
    this.x = x;
    this.y = y;
  }
  plus(other: Vector): Vector {
    return new Vector(this.x + other.x, this.y + other.y);
  }
  text(): string {
    return `${this.x},${this.y}`;
  }
}
class Pixel extends Vector {
  colour = "red";
  override text(): string {
    return `${super.text()} ${this.colour}`;
  }
}
class Bag extends Map<string, number> {
  label = "";
  total(): number {
    return Array.from(this.values()).reduce((a, b) => a + b, 0);
  }
}

for (const master of ["local", "local[2]"]) {
  test(`${master}: records keep their class through shuffles`, () =>
    withContext(master, async sc => {
      const vectors = sc.range(0, 6, 1, 3).map(n => (n % 2 === 0 ? new Vector(n, 1) : new Pixel(n, 1)));
      const sums = vectors.map(vector => [vector.x % 3, vector]).reduceByKey((a, b) => a.plus(b), 2);
      const texts = await sums.mapValues(sum => sum.text()).collect();
      assert.deepEqual(texts.sort(), [
        [0, "3,2"],
        [1, "5,2"],
        [2, "7,2"],
      ]);
      const kinds = await vectors
        .repartition(2)
        .map(vector => `${vector.text()} ${vector instanceof Vector} ${vector instanceof Pixel}`)
        .collect();
      assert.deepEqual(kinds.sort(), [
        "0,1 true false",
        "1,1 red true true",
        "2,1 true false",
        "3,1 red true true",
        "4,1 true false",
        "5,1 red true true",
      ]);
    }));

  test(`${master}: records of the program come as what they are, and go back to it`, () =>
    withContext(master, async sc => {
      const given = sc.parallelize([new Vector(1, 2), new Pixel(3, 4), Vector.zero], 2).cache();
      assert.deepEqual(await given.map(vector => vector.text()).collect(), ["1,2", "3,4 red", "0,0"]);
      const back = await given.map(vector => vector.plus(new Vector(1, 1))).collect();
      assert.ok(back.every(vector => vector instanceof Vector));
      assert.deepEqual(
        back.map(vector => vector.text()),
        ["2,3", "4,5", "1,1"],
      );
      assert.equal((await given.first()).constructor, Vector);
      assert.equal((await given.reduce((a, b) => a.plus(b))).text(), "4,6");
    }));

  test(`${master}: classes of collections keep what is in them and beside it`, () =>
    withContext(master, async sc => {
      const bags = sc.parallelize(["a b a", "b c"], 2).map(text => {
        const bag = new Bag();
        for (const word of text.split(" ")) bag.set(word, (bag.get(word) ?? 0) + 1);
        bag.label = text;
        return bag;
      });
      const totals = await bags
        .repartition(3)
        .persist(StorageLevel.OFF_HEAP)
        .map(bag => `${bag.label}: ${bag.total()}`)
        .collect();
      assert.deepEqual(totals.sort(), ["a b a: 3", "b c: 2"]);
    }));
}

test("instances with private state are refused by name where they would leave their thread", () =>
  withContext("local[2]", async sc => {
    class Secret {
      #count = 1;
      count() {
        return this.#count;
      }
    }
    const secrets = sc.range(0, 2, 1, 2).map(() => new Secret());
    assert.equal(await secrets.map(secret => secret.count()).sum(), 2);
    await assert.rejects(secrets.repartition(2).count(), {
      code: "MR_RECORD_UNSHIPPABLE",
      operator: "repartition",
      message: /Secret, whose #count cannot be read/,
    });
    await assert.rejects(secrets.collect(), { code: "MR_RECORD_UNSHIPPABLE", message: /Secret/ });
  }));
