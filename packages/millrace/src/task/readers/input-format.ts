import type { Platform } from "../../common/platform/platform.ts";
import type { ChunkSource } from "../chunk.ts";
import { checkOptions, findInputFormat } from "../formats/find-format.ts";
import type { InputFormatRef, InputSplit } from "../formats/input-format.ts";

/** A split of a file and the format that reads it. */
export interface FormatSplit extends InputSplit {
  readonly format: InputFormatRef;
}

/** Files in a format of another module. */
export const inputFormatReader = {
  mayWait: (): boolean => true,
  open(split: FormatSplit, platform: Platform): ChunkSource {
    const groups = recordGroups(split, platform);
    return {
      async next() {
        const group = await groups.next();
        if (group.done === true) return undefined;
        return { kind: "values", values: group.value, from: 0, to: group.value.length };
      },
      close() {
        // Closes the file.
        void groups.return(undefined);
      },
    };
  },
};

async function* recordGroups(
  split: FormatSplit,
  platform: Platform,
): AsyncGenerator<readonly unknown[], undefined> {
  const format = await findInputFormat(split.format);
  checkOptions("input format", format.options, split.options);
  const file = platform.files.open(split.path);
  try {
    yield* format.read(file, split);
  } finally {
    file.close();
  }
}
