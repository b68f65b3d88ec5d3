import { createRequire } from "node:module";
import { constants, gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { millraceError } from "../../common/errors/index.ts";

/** Codecs of `spark.io.compression.codec`. */
export const blockCodecNames = ["zstd", "lz4", "gzip"] as const;

/** Ways to compress what is kept or spilled as bytes. */
export type BlockCodecName = (typeof blockCodecNames)[number];

/** Compresses blocks at once; each block says by itself how long it was. */
export interface BlockCodec {
  compress(bytes: Uint8Array): Uint8Array;
  decompress(bytes: Uint8Array): Uint8Array;
}

// Blocks are read once or twice: the quickest level is the right one.
const zstdOptions = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
const gzipOptions = { level: 1 };

const makers: Readonly<Record<BlockCodecName, () => BlockCodec>> = {
  zstd: () => ({
    compress: bytes => zstdCompressSync(bytes, zstdOptions),
    decompress: bytes => zstdDecompressSync(bytes),
  }),
  gzip: () => ({ compress: bytes => gzipSync(bytes, gzipOptions), decompress: bytes => gunzipSync(bytes) }),
  lz4: lz4Codec,
};

const made = new Map<BlockCodecName, BlockCodec>();

/**
 * The codec of a name, made ready when it is first asked for.
 * @throws MR_CODEC_MISSING when `lz4` is wanted and `lz4-napi` is not installed
 */
export function blockCodec(name: BlockCodecName): BlockCodec {
  let codec = made.get(name);
  if (codec === undefined) {
    codec = makers[name]();
    made.set(name, codec);
  }
  return codec;
}

/** Bytes as they were before they were compressed, beginning at a multiple of 8 as typed arrays want it. */
export function plainBytes(bytes: Uint8Array, name: BlockCodecName | undefined): Uint8Array {
  if (name === undefined) return bytes;
  const plain = blockCodec(name).decompress(bytes);
  return plain.byteOffset % 8 === 0 ? plain : Uint8Array.from(plain);
}

/** What is used of `lz4-napi`. */
interface Lz4 {
  compressSync(bytes: Buffer): Buffer;
  uncompressSync(bytes: Uint8Array): Buffer;
}

/** The codec of `lz4-napi`, which `load` finds. @throws MR_CODEC_MISSING */
export function lz4Codec(load: (name: string) => unknown = createRequire(import.meta.url)): BlockCodec {
  let lz4: Lz4;
  try {
    lz4 = load("lz4-napi") as Lz4;
  } catch (cause) {
    throw millraceError("MR_CODEC_MISSING", "the compression codec lz4 needs the package lz4-napi", {
      cause,
    });
  }
  return {
    compress: bytes => lz4.compressSync(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
    decompress: bytes => lz4.uncompressSync(bytes),
  };
}
