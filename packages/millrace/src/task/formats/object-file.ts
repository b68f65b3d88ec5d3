import { encodeRecords } from "../readers/block.ts";
import type { OutputFormat } from "./output-format.ts";
import { sequenceFileFormat } from "./sequence-file/sequence-writer.ts";

/** Records encoded together. */
const GROUP_RECORDS = 256;

/**
 * What `saveAsObjectFile` writes: a sequence file of `NullWritable` and `BytesWritable`, as Spark's, whose values
 * are groups of records in Millrace's own form instead of Java's serialisation.
 */
export const objectFileFormat: OutputFormat = {
  extension: "",
  compressesItself: true,
  options: [],
  open(sink, settings) {
    const options = { keyClass: "NullWritable", valueClass: "BytesWritable" };
    const file = sequenceFileFormat.open(sink, { ...settings, options });
    let group: unknown[] = [];
    const flush = () => {
      const bytes = encodeRecords(group);
      group = [];
      return file.write([null, bytes]);
    };
    return {
      write(record) {
        group.push(record);
        return group.length < GROUP_RECORDS ? undefined : flush();
      },
      async close() {
        if (group.length > 0) await flush();
        await file.close();
      },
    };
  },
};
