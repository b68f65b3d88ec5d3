import { createGunzip, createInflate, createZstdDecompress } from "node:zlib";
import { MillraceError, millraceError } from "../../common/errors/index.ts";
import type { FileReader, Platform } from "../../common/platform/platform.ts";
import { type Chunk, type ChunkSource, concatSource, EMPTY_CHUNK } from "../chunk.ts";
import { LineCutter } from "./line-cutter.ts";

/**
 * The lines of `path` that start in bytes `start` to `end` (exclusive). A compressed file is one split:
 * `start` 0, `end` its size.
 */
export interface TextSplit {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

/** Bytes read at a time: about two milliseconds of work for a light pipeline. */
const READ_BYTES = 1 << 16;
const NEWLINE = 0x0a;

const decompressors = { ".gz": createGunzip, ".deflate": createInflate, ".zst": createZstdDecompress };

function decompressorOf(path: string) {
  const suffix = path.slice(path.lastIndexOf("."));
  return suffix in decompressors ? decompressors[suffix as keyof typeof decompressors] : undefined;
}

/** Whether a file must be read from its start because its name says it is compressed. */
export function isCompressed(path: string): boolean {
  return decompressorOf(path) !== undefined;
}

export const textFileReader = {
  mayWait: (split: TextSplit): boolean => isCompressed(split.path),
  open: (split: TextSplit, platform: Platform): ChunkSource => textFileSource(split, platform, READ_BYTES),
};

/** `readBytes` at a time; the file is opened when the first chunk is asked for. */
export function textFileSource(split: TextSplit, platform: Platform, readBytes: number): ChunkSource {
  const decompressor = decompressorOf(split.path);
  const open = (): ChunkSource => {
    const file = platform.files.open(split.path);
    return decompressor === undefined
      ? plainSource(file, split, readBytes)
      : compressedSource(file, split, decompressor(), readBytes);
  };
  return concatSource([open]);
}

/**
 * A line belongs to the split its first byte lies in. A split that does not begin the file starts one byte
 * early and drops everything up to the first newline; it reads on past its end until its last line is whole.
 */
function plainSource(file: FileReader, split: TextSplit, readBytes: number): ChunkSource {
  const cutter = new LineCutter(split.start === 0);
  const buffer = Buffer.allocUnsafeSlow(readBytes);
  let position = split.start === 0 ? 0 : split.start - 1;
  let aligned = split.start === 0;
  let ended = split.start >= split.end;

  const take = (read: number): Chunk | undefined => {
    let bytes: Buffer = buffer.subarray(0, read);
    const from = position;
    position += read;
    if (!aligned) {
      const newline = bytes.indexOf(NEWLINE);
      if (newline < 0 && read > 0) {
        if (position >= split.end) ended = true;
        return EMPTY_CHUNK;
      }
      aligned = true;
      bytes = bytes.subarray(newline + 1);
      if (from + newline + 1 >= split.end) {
        ended = true;
        return EMPTY_CHUNK;
      }
    }
    if (read === 0) {
      ended = true;
      return cutter.end();
    }
    if (position >= split.end) {
      // The last line of the split is the one that holds byte `end - 1`: look for its newline from there on.
      const lastByte = Math.max(0, bytes.length - (position - (split.end - 1)));
      const newline = bytes.indexOf(NEWLINE, lastByte);
      if (newline >= 0) {
        ended = true;
        return cutter.push(bytes.subarray(0, newline + 1));
      }
    }
    return cutter.push(bytes);
  };

  return {
    next() {
      if (ended) return undefined;
      const read = file.read(buffer, position);
      return typeof read === "number" ? take(read) : read.then(take);
    },
    close: () => file.close(),
  };
}

function compressedSource(
  file: FileReader,
  split: TextSplit,
  decompressor: ReturnType<typeof createGunzip>,
  readBytes: number,
): ChunkSource {
  const cutter = new LineCutter(true);
  const input = async function* () {
    for (let position = 0; ; ) {
      const buffer = Buffer.allocUnsafe(readBytes);
      const read = await file.read(buffer, position);
      if (read === 0) return;
      position += read;
      yield buffer.subarray(0, read);
    }
  };
  const output = decompress(input(), decompressor)[Symbol.asyncIterator]();
  let ended = false;
  return {
    async next() {
      if (ended) return undefined;
      const item = await output.next().catch(cause => {
        if (cause instanceof MillraceError) throw cause;
        throw millraceError(
          "MR_IO",
          `${split.path} cannot be decompressed: ${String((cause as Error).message)}`,
          {
            cause,
            hint: "The file is damaged or cut off, or its name's ending does not say what it is.",
          },
        );
      });
      if (item.done === true) {
        ended = true;
        return cutter.end();
      }
      return cutter.push(item.value);
    },
    close() {
      decompressor.destroy();
      file.close();
    },
  };
}

async function* decompress(
  input: AsyncIterable<Buffer>,
  decompressor: ReturnType<typeof createGunzip>,
): AsyncGenerator<Buffer> {
  const feeding = (async () => {
    for await (const bytes of input) {
      if (!decompressor.write(bytes)) await new Promise(resolve => decompressor.once("drain", resolve));
      if (decompressor.destroyed) return;
    }
    decompressor.end();
  })();
  feeding.catch((error: unknown) => decompressor.destroy(error as Error));
  for await (const bytes of decompressor) yield bytes as Buffer;
  await feeding;
}
