import { crc32, deflateRawSync, inflateRawSync, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { snappyUncompress } from "hyparquet";
import { snappyCompress } from "hyparquet-writer/src/snappy.js";
import { unknownCodec } from "../unreadable.ts";

/** How the blocks of a file are compressed, by the name that its header has. */
export interface AvroCodec {
  readonly name: string;
  compress(bytes: Buffer): Uint8Array;
  decompress(bytes: Buffer): Buffer;
}

/** Snappy's blocks end with the checksum of what was compressed. */
const CHECKSUM_BYTES = 4;

const codecs: readonly AvroCodec[] = [
  { name: "null", compress: bytes => bytes, decompress: bytes => bytes },
  { name: "deflate", compress: bytes => deflateRawSync(bytes), decompress: bytes => inflateRawSync(bytes) },
  { name: "snappy", compress: snappy, decompress: unsnappy },
  {
    name: "zstandard",
    compress: bytes => zstdCompressSync(bytes),
    decompress: bytes => zstdDecompressSync(bytes),
  },
];

/**
 * The codec of a name.
 * @throws MR_BAD_ARGUMENT
 */
export function avroCodec(name: string): AvroCodec {
  const found = codecs.find(codec => codec.name === name);
  if (found !== undefined) return found;
  throw unknownCodec(
    "Avro",
    name,
    codecs.map(codec => codec.name),
  );
}

function snappy(bytes: Buffer): Uint8Array {
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  checksum.writeUInt32BE(crc32(bytes));
  return Buffer.concat([snappyCompress(bytes), checksum]);
}

function unsnappy(bytes: Buffer): Buffer {
  const compressed = bytes.subarray(0, -CHECKSUM_BYTES);
  const plain = Buffer.alloc(plainLength(compressed));
  snappyUncompress(compressed, plain);
  if (crc32(plain) === bytes.readUInt32BE(compressed.length)) return plain;
  throw new RangeError("the checksum of a block is wrong");
}

/** The length that snappy begins with: seven bits a byte, the lowest first. */
function plainLength(compressed: Buffer): number {
  let length = 0;
  for (let i = 0; i < 5; i++) {
    const byte = compressed.readUInt8(i);
    length += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return length;
  }
  throw new RangeError("a block of snappy has no length");
}
