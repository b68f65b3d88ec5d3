import { crc32 } from "node:zlib";

/*
 * A frame: "MRF1", u32 length of the payload, u32 CRC-32 of the payload, the payload; little endian.
 */
const MAGIC = Uint8Array.of(0x4d, 0x52, 0x46, 0x31);
const HEADER_BYTES = 12;

/** Frames found in bytes read from a file. */
export interface ScannedFrames {
  readonly payloads: readonly Uint8Array[];
  /** Where each of them ends. */
  readonly ends: readonly number[];
  /**
   * What follows it: nothing; a part of a frame, as a crash in mid-write leaves it; or something broken before
   * frames that are whole, which no crash does.
   */
  readonly tail: "clean" | "torn" | "damaged";
}

/** A payload with what it takes to tell later whether it is whole. */
export function encodeFrame(payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(HEADER_BYTES + payload.length);
  frame.set(headerOf(payload.length, crc32(payload)));
  frame.set(payload, HEADER_BYTES);
  return frame;
}

/**
 * A frame whose payload comes in pieces. None of them is copied, and each is summed up when it comes: a large state
 * does not hold the driver up when it is complete.
 */
export class PiecedFrame {
  readonly #pieces: Uint8Array[] = [];
  #length = 0;
  #checksum = 0;

  /** Adds the next piece of the payload. */
  add(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#length += piece.length;
    this.#checksum = crc32(piece, this.#checksum);
  }

  /** The bytes of the frame, to be written one part behind the other. */
  get parts(): readonly Uint8Array[] {
    return [headerOf(this.#length, this.#checksum), ...this.#pieces];
  }
}

function headerOf(length: number, checksum: number): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES);
  const view = new DataView(header.buffer);
  header.set(MAGIC);
  view.setUint32(4, length, true);
  view.setUint32(8, checksum, true);
  return header;
}

/** The frames at the start of `bytes`, up to the first that is not whole. */
export function scanFrames(bytes: Uint8Array): ScannedFrames {
  const payloads: Uint8Array[] = [];
  const ends: number[] = [];
  let at = 0;
  while (at < bytes.length) {
    const payload = frameAt(bytes, at);
    if (payload === undefined) {
      return { payloads, ends, tail: hasFrameAfter(bytes, at) ? "damaged" : "torn" };
    }
    payloads.push(payload);
    at += HEADER_BYTES + payload.length;
    ends.push(at);
  }
  return { payloads, ends, tail: "clean" };
}

function frameAt(bytes: Uint8Array, at: number): Uint8Array | undefined {
  const start = at + HEADER_BYTES;
  if (start > bytes.length || MAGIC.some((byte, i) => bytes[at + i] !== byte)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, HEADER_BYTES);
  const end = start + view.getUint32(4, true);
  if (end > bytes.length) return undefined;
  const payload = bytes.subarray(start, end);
  return crc32(payload) === view.getUint32(8, true) ? payload : undefined;
}

function hasFrameAfter(bytes: Uint8Array, at: number): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let next = at + 1; ; next++) {
    next = buffer.indexOf(MAGIC, next);
    if (next < 0) return false;
    if (frameAt(bytes, next) !== undefined) return true;
  }
}
