import { millraceError } from "../common/errors/index.ts";

/** A master URL, taken apart. */
export type Master =
  | { readonly kind: "local"; readonly threads: number; readonly maxFailures: number }
  | { readonly kind: "remote"; readonly url: string };

const localForm = /^local(?:\[\s*(\*|\d+)\s*(?:,\s*(\d+)\s*)?\])?$/;

/**
 * Understands `local`, `local[n]`, `local[*]`, `local[n,maxFailures]` (also with `*`) and `sc://host[:port]`.
 *
 * @throws MR_MASTER_INVALID for anything else
 */
export function parseMaster(master: string, processors: number): Master {
  if (master.startsWith("sc://")) return { kind: "remote", url: master };
  const match = localForm.exec(master);
  if (match === null)
    throw millraceError("MR_MASTER_INVALID", `there is no master ${JSON.stringify(master)}`);
  const [, threadsText, failuresText] = match;
  const threads = threadsText === undefined ? 1 : threadsText === "*" ? processors : Number(threadsText);
  const maxFailures = failuresText === undefined ? 1 : Number(failuresText);
  if (threads < 1 || maxFailures < 1) {
    throw millraceError("MR_MASTER_INVALID", `${master}: threads and failures must be at least 1`);
  }
  return { kind: "local", threads, maxFailures };
}
