import { measureRepeatedly } from "../harness/measure-repeatedly.ts";
import type { Contender } from "../harness/workload.ts";
import { type TextInput, textInput } from "./text-input.ts";

/**
 * Something that reads the text file, again and again, in a fresh process. `prepare` gets the path and answers
 * what is to be measured.
 */
export function textContender(
  name: string,
  role: Contender["role"],
  prepare: (path: string) => Promise<() => string | Promise<string>>,
  metrics: (input: TextInput, seconds: number) => Record<string, number>,
): Contender {
  return {
    name,
    role,
    process: "fresh",
    measure: async settings => {
      const input = textInput(settings);
      return measureRepeatedly(settings, await prepare(input.path), seconds => metrics(input, seconds));
    },
  };
}
