import { millraceError } from "../../../common/errors/index.ts";
import { readFile } from "../../../common/files/read-file.ts";
import { writeFileAtomically } from "../../../common/files/write-file.ts";
import type { FileSystem } from "../../../common/platform/platform.ts";
import { encodeLine, readLines } from "./checked-lines.ts";
import type { FileSinkNames } from "./file-names.ts";
import type { FileState } from "./growing-file.ts";

/** A complete file: one line of the manifest. */
export interface ManifestEntry extends FileState {
  readonly number: number;
  /** Its name in the directory. */
  readonly file: string;
}

const newline = 0x0a;

/** The list of complete files: a file with a line for each, which only grows. */
export class Manifest {
  readonly #files: FileSystem;
  readonly #names: FileSinkNames;
  #sizeBytes: number;
  #last: ManifestEntry | undefined;

  private constructor(
    files: FileSystem,
    names: FileSinkNames,
    sizeBytes: number,
    last: ManifestEntry | undefined,
  ) {
    this.#files = files;
    this.#names = names;
    this.#sizeBytes = sizeBytes;
    this.#last = last;
  }

  /**
   * Reads the manifest of a directory; a torn last line, which a crash may leave, does not count.
   * @throws MR_SINK_DAMAGED when a line before the last is not as it was written
   */
  static async read(files: FileSystem, names: FileSinkNames): Promise<Manifest> {
    const { manifest } = names;
    if ((await files.stat(manifest)) === undefined) return new Manifest(files, names, 0, undefined);
    const bytes = await readFile(files, manifest);
    const { values, validBytes } = readLines(bytes);
    if (bytes.subarray(validBytes).indexOf(newline) >= 0) {
      throw millraceError(
        "MR_SINK_DAMAGED",
        `Line ${values.length + 1} of ${manifest} is not as it was written`,
      );
    }
    // What is read may be remembered by the system only: from here on it is relied upon, so it has to last.
    const name = manifest.slice(names.directory.length + 1);
    await writeFileAtomically(files, names.directory, name, bytes.subarray(0, validBytes));
    return new Manifest(files, names, validBytes, values.at(-1) as ManifestEntry | undefined);
  }

  /** The newest complete file. */
  get last(): ManifestEntry | undefined {
    return this.#last;
  }

  /** Adds a complete file; when this resolves it is listed for good. */
  async add(number: number, state: FileState): Promise<void> {
    const file = this.#names.part(number).slice(this.#names.directory.length + 1);
    const entry: ManifestEntry = { number, file, ...state };
    const line = encodeLine(entry);
    const writer = await this.#files.append(this.#names.manifest, this.#sizeBytes);
    try {
      await writer.write(line);
      await writer.sync();
    } finally {
      await writer.close();
    }
    await this.#files.syncDirectory(this.#names.directory);
    this.#sizeBytes += line.length;
    this.#last = entry;
  }
}
