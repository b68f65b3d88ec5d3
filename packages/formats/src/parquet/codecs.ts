import { brotliDecompressSync, gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import type { CompressionCodec, Compressors } from "hyparquet";
import type { ParquetWriter } from "hyparquet-writer";
import { unknownCodec } from "../unreadable.ts";

/** Names of codecs as Spark has them for Parquet. */
export const codecNames = ["uncompressed", "snappy", "gzip", "zstd"] as const;

const byName: Readonly<Record<string, CompressionCodec>> = {
  uncompressed: "UNCOMPRESSED",
  none: "UNCOMPRESSED",
  snappy: "SNAPPY",
  gzip: "GZIP",
  zstd: "ZSTD",
};

/**
 * The codec of a name.
 * @throws MR_BAD_ARGUMENT
 */
export function parquetCodec(name: string): CompressionCodec {
  const found = Object.hasOwn(byName, name) ? byName[name] : undefined;
  if (found === undefined) throw unknownCodec("Parquet", name, codecNames);
  return found;
}

/** What the writer cannot do by itself. */
export const compressors: ConstructorParameters<typeof ParquetWriter>[0]["compressors"] = {
  GZIP: bytes => gzipSync(bytes),
  ZSTD: bytes => zstdCompressSync(bytes),
};

/** What the reader cannot do by itself. */
export const decompressors: Compressors = {
  GZIP: bytes => gunzipSync(bytes),
  ZSTD: bytes => zstdDecompressSync(bytes),
  BROTLI: bytes => brotliDecompressSync(bytes),
};
