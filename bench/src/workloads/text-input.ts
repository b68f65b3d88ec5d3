import type { Settings } from "../harness/workload.ts";
import { type InputName, inputLines, inputPath } from "../inputs/input-files.ts";

/** Words in the two sizes of the text. */
const WORDS = { words: 15_666_618, wordsQuick: 1_566_799 } as const;

/** The text that word counts and grep read. */
export interface TextInput {
  readonly name: InputName;
  readonly path: string;
  readonly lines: number;
  readonly words: number;
}

export function textInput({ quick }: Settings): TextInput {
  const name = quick ? "wordsQuick" : "words";
  return { name, path: inputPath(name), lines: inputLines(name), words: WORDS[name] };
}
