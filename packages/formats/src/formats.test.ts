import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { SparkConf, SparkContext, StreamingContext } from "millrace";
import { AvroInputFormat, AvroOutputFormat, ParquetInputFormat, ParquetOutputFormat } from "./index.ts";

const folder = mkdtempSync(join(tmpdir(), "millrace-formats-"));
after(() => rmSync(folder, { recursive: true }));

interface Click {
  readonly user: string;
  readonly n: number;
}

const avroSchema = {
  type: "record",
  name: "Click",
  fields: [
    { name: "user", type: "string" },
    { name: "n", type: "int" },
  ],
};
const formats = [
  { name: "avro", out: AvroOutputFormat, in: AvroInputFormat, schema: avroSchema },
  {
    name: "parquet",
    out: ParquetOutputFormat,
    in: ParquetInputFormat,
    schema: { user: "STRING", n: "INT32" },
  },
] as const;
const conf = (master: string) =>
  new SparkConf().setMaster(master).setAppName("formats").set("spark.log.level", "off");

for (const master of ["local", "local[2]"]) {
  const sc = new SparkContext(conf(master));
  after(() => sc.stop());
  for (const format of formats) {
    const place = (name: string) => join(folder, `${master.replace(/\W/g, "")}-${format.name}-${name}`);

    test(`${format.name} written and read on ${master}`, async () => {
      const path = place("whole");
      const clicks = sc.range(0, 5000, 1, 3).map((n): Click => ({ user: `user ${n % 7}`, n }));
      await clicks.saveAsNewAPIHadoopFile(path, format.out, { schema: format.schema });
      assert.deepEqual(readdirSync(path).sort(), [
        "_SUCCESS",
        ...[0, 1, 2].map(i => `part-0000${i}.${format.name}`),
      ]);
      const again = sc.hadoopFile<Click>(path, format.in, { minPartitions: 5 });
      assert.deepEqual(await again.collect(), await clicks.collect());
      const perUser = await again
        .map(click => [click.user, click.n])
        .reduceByKey((a, b) => a + b)
        .collectAsMap();
      assert.equal(
        perUser.get("user 0"),
        Array.from({ length: 715 }, (_, i) => i * 7).reduce((a, b) => a + b),
      );
    });

    test(`${format.name}: a record that does not fit leaves nothing behind, on ${master}`, async () => {
      const bad = sc.parallelize([{ user: "a", n: "many" }], 1);
      await assert.rejects(bad.saveAsHadoopFile(place("bad"), format.out, { schema: format.schema }), {
        code: "MR_BAD_ARGUMENT",
        message: /"many".*\[saveAsHadoopFile at .*formats\.test\.ts/s,
      });
      assert.equal(existsSync(place("bad")), false);
    });

    test(`${format.name}: options that it does not have, on ${master}`, async () => {
      const clicks = sc.parallelize([{ user: "a", n: 1 }], 1);
      const options = { schema: format.schema, shema: 1 };
      await assert.rejects(clicks.saveAsHadoopFile(place("options"), format.out, options), {
        code: "MR_BAD_ARGUMENT",
        message: /no option shema/,
      });
      await clicks.saveAsHadoopFile(place("options"), format.out, { schema: format.schema });
      await assert.rejects(sc.hadoopFile(place("options"), format.in, { colums: [] }).collect(), {
        code: "MR_BAD_ARGUMENT",
        message: /no option colums.*\[hadoopFile at .*formats\.test\.ts/s,
      });
    });
  }
}

test("a stream writes each batch", async () => {
  const ssc = new StreamingContext(conf("local"), "20ms");
  const clicks = ssc.queueStream<Click>([[{ user: "ada", n: 1 }]]);
  clicks.saveAsNewAPIHadoopFiles(join(folder, "clicks"), "avro", AvroOutputFormat, { schema: avroSchema });
  const found: Click[] = [];
  clicks.foreachRDD(async (_, time) => {
    const path = join(folder, `clicks-${time.milliseconds}.avro`);
    found.push(...(await ssc.sc.newAPIHadoopFile<Click>(path, AvroInputFormat).collect()));
    void ssc.stop();
  });
  await ssc.start();
  await ssc.awaitTermination();
  assert.deepEqual(found, [{ user: "ada", n: 1 }]);
});
