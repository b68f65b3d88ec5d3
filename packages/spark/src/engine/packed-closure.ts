import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { BoundedMap, type ShippedClosure } from "millrace/engine";

/** Up to this size a function goes with each plan that uses it. */
const SMALL_BYTES = 32 * 1024;
/** Up to this size it goes with the first one; files stay until the session ends, and may never be wanted again. */
const ONCE_BYTES = 1 << 20;
/** More than a program's functions: see `reviveClosure`. */
const MAX_KNOWN = 1000;

/** A closure as it goes with a plan, serialised. What is large lies in files of the session. */
export interface PackedClosure {
  readonly hash: string;
  /** The closure without the array buffers that are files, or the file it is in. */
  readonly content: Uint8Array | { readonly file: string };
  /** The files of array buffers, by position in `binary`. */
  readonly binaryFiles: readonly (readonly [position: number, file: string])[];
}

/** Uploads a file of the session, once; answers its name. */
export interface FileStore {
  upload(prefix: string, extension: string, bytes: Uint8Array): Promise<string>;
}

/** Packs closures, so that what they capture is sent once if it is large: under the hash of its content. */
export class ClosurePacker {
  readonly #files: FileStore;
  readonly #packed = new BoundedMap<string, PackedClosure>(MAX_KNOWN);

  constructor(files: FileStore) {
    this.#files = files;
  }

  async pack(closure: ShippedClosure): Promise<PackedClosure> {
    const known = this.#packed.get(closure.hash);
    if (known !== undefined && isLight(known)) return known;
    const whole = known ?? { hash: closure.hash, content: serialize(closure), binaryFiles: [] };
    const isFirst = known === undefined && sizeOf(whole) <= ONCE_BYTES;
    const packed = isFirst || isLight(whole) ? whole : await this.#inFiles(closure);
    this.#packed.set(closure.hash, packed);
    return packed;
  }

  /** Array buffers have files of their own: functions that capture the same broadcast variable share them. */
  async #inFiles(closure: ShippedClosure): Promise<PackedClosure> {
    const binaryFiles: [number, string][] = [];
    const binary: Uint8Array[] = [];
    for (const bytes of closure.binary) {
      const isLarge = bytes.length > SMALL_BYTES;
      if (isLarge) binaryFiles.push([binary.length, await this.#files.upload("bytes", "bin", bytes)]);
      binary.push(isLarge ? new Uint8Array() : bytes);
    }
    const rest = serialize({ ...closure, binary });
    const content =
      rest.length <= SMALL_BYTES ? rest : { file: await this.#files.upload("function", "bin", rest) };
    return { hash: closure.hash, content, binaryFiles };
  }
}

function isLight(packed: PackedClosure): boolean {
  return sizeOf(packed) <= SMALL_BYTES;
}

function sizeOf({ content }: PackedClosure): number {
  return "file" in content ? 0 : content.length;
}

/** The closure again, where the session's files are in `directory`. */
export async function unpackClosure(packed: PackedClosure, directory: string): Promise<ShippedClosure> {
  const { content, binaryFiles } = packed;
  const bytes = "file" in content ? await readFile(join(directory, content.file)) : Buffer.from(content);
  const closure = deserialize(bytes) as ShippedClosure;
  // What V8 deserialises lies in the memory it read from, wherever that is: typed arrays want aligned addresses.
  const binary = closure.binary.map(part => new Uint8Array(part));
  for (const [position, file] of binaryFiles) {
    binary[position] = new Uint8Array(await readFile(join(directory, file)));
  }
  return { ...closure, binary };
}
