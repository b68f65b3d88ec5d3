import { getCallSites } from "node:util";
import { BoundedMap } from "../bounded-map.ts";
import { inspector } from "./inspector.ts";

/** A piece of source V8 has compiled: a module, a file, an `eval`. */
export interface Script {
  /** `file:///…` for modules, a path for CommonJS, empty for `eval`. */
  readonly url: string;
  /** As compiled: types already blanked out. */
  readonly source: string;
}

interface ParsedEvent {
  readonly scriptId: string;
  readonly url: string;
}

const urls = new BoundedMap<string, string>(5000);
const scripts = new BoundedMap<string, Script>(500);

/** Whether `script` answers at once. */
export function isScriptKnown(scriptId: string): boolean {
  return scripts.get(scriptId) !== undefined;
}

/**
 * The URL of a script. Those of the functions on the stack, nearly always the user's, come cheaply; for
 * others V8 is asked to list all it has.
 */
export function scriptUrl(scriptId: string): string {
  const known = urls.get(scriptId);
  if (known !== undefined) return known;
  for (const frame of getCallSites(stackFrames, { sourceMap: false }))
    urls.set(frame.scriptId, frame.scriptName);
  return urls.get(scriptId) ?? script(scriptId).url;
}

/** Enough to see past Millrace's own frames. */
const stackFrames = 40;

/**
 * A script with its source. The debugger must be on while V8 tells; it is switched off again before this
 * returns. About 5 ms, the first time in a process 30 to 70 (V8 hashes all sources); once per script.
 */
export function script(scriptId: string): Script {
  let found = scripts.get(scriptId);
  if (found !== undefined) return found;
  const remember = (message: { readonly params: unknown }): void => {
    const { scriptId: id, url } = message.params as ParsedEvent;
    urls.set(id, url);
  };
  inspector().listening("Debugger.scriptParsed", remember, () => {
    inspector().send("Debugger.enable");
    try {
      const { scriptSource } = inspector().send("Debugger.getScriptSource", { scriptId }) as {
        scriptSource: string;
      };
      found = { url: urls.get(scriptId) ?? "", source: scriptSource };
    } finally {
      inspector().send("Debugger.disable");
    }
  });
  const answer = found ?? { url: "", source: "" };
  scripts.set(scriptId, answer);
  return answer;
}
