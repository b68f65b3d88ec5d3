import { sparkText } from "../../common/format/index.ts";
import type { Host } from "../../common/platform/platform.ts";
import type { Time } from "../../common/time/index.ts";
import type { RDD } from "../../rdd/index.ts";

const ruler = "-".repeat(43);

/** Writes the time of a batch and its first `count` records to standard output, in one piece. */
export async function printRDD(host: Host, rdd: RDD<unknown>, time: Time, count: number): Promise<void> {
  const records = await rdd.take(count + 1);
  host.stdout(printedText(time, records, count));
}

/** The block that `print()` writes for a batch, of which `records` are the first `count + 1` or fewer. */
export function printedText(time: Time, records: readonly unknown[], count: number): string {
  const lines = [ruler, `Time: ${time.milliseconds} ms`, ruler];
  for (const record of records.slice(0, count)) lines.push(sparkText(record));
  if (records.length > count) lines.push("...");
  return `${lines.join("\n")}\n\n`;
}
