import type { Transform } from "node:stream";
import {
  createDeflate,
  createGzip,
  createZstdCompress,
  deflateSync,
  gunzipSync,
  gzipSync,
  inflateSync,
  zstdCompressSync,
  zstdDecompressSync,
} from "node:zlib";
import { millraceError } from "../../common/errors/index.ts";

/** Ways to compress the files of an output, by Spark's short names. */
export type CompressionCodecName = "gzip" | "deflate" | "zstd";

/** One way to compress bytes, as a stream and at once. */
export interface CompressionCodec {
  readonly name: CompressionCodecName;
  /** Ending of file names: what `textFile` knows the codec by. */
  readonly extension: string;
  /** The name that Hadoop's files carry. */
  readonly className: string;
  stream(): Transform;
  compress(bytes: Uint8Array): Buffer;
  decompress(bytes: Uint8Array): Buffer;
}

const hadoopPackage = "org.apache.hadoop.io.compress";

const codecs: readonly CompressionCodec[] = [
  {
    name: "gzip",
    extension: ".gz",
    className: `${hadoopPackage}.GzipCodec`,
    stream: createGzip,
    compress: bytes => gzipSync(bytes),
    decompress: bytes => gunzipSync(bytes),
  },
  {
    name: "deflate",
    extension: ".deflate",
    className: `${hadoopPackage}.DefaultCodec`,
    stream: createDeflate,
    compress: bytes => deflateSync(bytes),
    decompress: bytes => inflateSync(bytes),
  },
  {
    name: "zstd",
    extension: ".zst",
    className: `${hadoopPackage}.ZStandardCodec`,
    stream: createZstdCompress,
    compress: bytes => zstdCompressSync(bytes),
    decompress: bytes => zstdDecompressSync(bytes),
  },
];

/** Another name of the same in Hadoop. */
const aliases: Readonly<Record<string, string>> = {
  [`${hadoopPackage}.DeflateCodec`]: `${hadoopPackage}.DefaultCodec`,
};

/**
 * The codec of a short name (`"gzip"`) or of Hadoop's class name.
 * @throws MR_BAD_ARGUMENT for others
 */
export function codecOf(name: string): CompressionCodec {
  const wanted = aliases[name] ?? name;
  const found = codecs.find(codec => codec.name === wanted || codec.className === wanted);
  if (found !== undefined) return found;
  throw millraceError("MR_BAD_ARGUMENT", `there is no compression codec ${JSON.stringify(name)}`, {
    hint: `These are known: ${codecs.map(codec => `"${codec.name}"`).join(", ")}, and their Hadoop class names.`,
  });
}
