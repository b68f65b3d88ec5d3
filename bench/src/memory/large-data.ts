/**
 * Jobs over more data than the heap holds: `node --max-old-space-size=512 bench/src/memory/large-data.ts
 * [word-count|groupByKey|sortBy|join|cache] [master] [megabytes]`. Makes the input under the temporary directory when it is
 * not there (100-byte lines: a number of 10 digits as key, 1 of 200 000, and words), runs the job, and prints what came of
 * it, how long it took and how much memory the process used at most.
 */
import { existsSync, mkdirSync, openSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { SparkConf, SparkContext, StorageLevel } from "millrace";

const LINE_BYTES = 100;
const KEYS = 200_000;

const [job = "word-count", master = "local[2]", megabytes = "1024"] = process.argv.slice(2);

/** A file of lines that are the same in every run. */
function inputFile(sizeMb: number): string {
  const folder = `${tmpdir()}/millrace-bench`;
  const path = `${folder}/lines-${sizeMb}.txt`;
  const size = sizeMb * 1024 * 1024;
  if (existsSync(path) && statSync(path).size >= size) return path;
  mkdirSync(folder, { recursive: true });
  const descriptor = openSync(path, "w");
  let seed = 1;
  for (let written = 0; written < size; ) {
    let text = "";
    while (text.length < 1 << 20) {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      let line = String(seed % KEYS).padStart(10, "0");
      while (line.length < LINE_BYTES - 8) line += ` w${((seed >>> (line.length & 15)) % 5000).toString(36)}`;
      text += `${line.padEnd(LINE_BYTES - 1, "x")}\n`;
    }
    written += writeSync(descriptor, text);
  }
  return path;
}

const path = inputFile(Number(megabytes));
const conf = new SparkConf().setMaster(master).setAppName("large data");
const sc = new SparkContext(conf);
const started = performance.now();
const lines = sc.textFile(path);

async function run(): Promise<string> {
  switch (job) {
    case "word-count": {
      const counts = lines
        .flatMap(line => line.split(" "))
        .map(word => [word, 1])
        .reduceByKey((a, b) => a + b);
      return `${await counts.count()} words`;
    }
    case "groupByKey": {
      const groups = lines.map(line => [line.slice(0, 10), line.slice(11)]).groupByKey();
      const sizes = groups.map(([, group]) => group.length);
      return `${await sizes.count()} groups, ${await sizes.reduce((a, b) => a + b)} lines`;
    }
    case "sortBy": {
      const sorted = lines.sortBy(line => line);
      const isSorted = sorted.mapPartitions(function* (records) {
        let last = "";
        for (const line of records) {
          if (line < last) throw new Error(`${line} comes after ${last}`);
          last = line;
        }
        yield 1;
      });
      return `${await isSorted.count()} sorted partitions`;
    }
    case "join": {
      const joined = lines.map(line => [line, 1]).join(lines.map(line => [line, 2]));
      return `${await joined.count()} pairs`;
    }
    case "cache": {
      const kept = lines.persist(StorageLevel.MEMORY_AND_DISK_SER);
      return `${await kept.count()} lines, again ${await kept.count()}`;
    }
    default:
      throw new Error(`there is no job ${job}`);
  }
}

console.log(`${job}, ${megabytes} MB, ${master}: ${await run()}`);
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(`${seconds} s, at most ${Math.round(process.resourceUsage().maxRSS / 1024)} MB of memory`);
await sc.stop();
