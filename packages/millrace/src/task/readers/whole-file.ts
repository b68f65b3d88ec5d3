import { readFile } from "../../common/files/read-file.ts";
import type { Platform } from "../../common/platform/platform.ts";
import type { ChunkSource } from "../chunk.ts";

/** Some files, each of which is one record `[path, content]`. */
export interface WholeFilesSplit {
  readonly paths: readonly string[];
  /** What a content is: a text of UTF-8, or a `Uint8Array`. */
  readonly as: "text" | "bytes";
}

/** Files one at a time: a chunk holds one record. */
export const wholeFileReader = {
  mayWait: (): boolean => true,
  open({ paths, as }: WholeFilesSplit, platform: Platform): ChunkSource {
    let next = 0;
    return {
      async next() {
        const path = paths[next];
        if (path === undefined) return undefined;
        next += 1;
        const bytes = await readFile(platform.files, path);
        // A byte order mark is no part of the text.
        const content = as === "text" ? new TextDecoder().decode(bytes) : bytes;
        return { kind: "values", values: [[path, content]], from: 0, to: 1 };
      },
      close() {},
    };
  },
};
