import { encodeBlock } from "../codec/columns.ts";
import { registerBuiltin } from "./registry.ts";

/** The records of a partition as bytes that `values` splits read again; no bytes for no records. */
export const encodePartition = registerBuiltin(
  "encodePartition",
  (records: Iterable<unknown>) => encodeBlock({ kind: "records", records: Array.from(records) }).bytes,
);
