import type { Origin } from "../plan/index.ts";
import type { Operation } from "../task/spec.ts";

/** What errors of tasks say about a node; the text of its place is made when an error or another thread needs it. */
export function operationOf({ operator, site }: Origin): Operation {
  return {
    operator,
    get site() {
      return site?.text;
    },
  };
}
