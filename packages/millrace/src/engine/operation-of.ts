import type { Origin } from "../plan/index.ts";
import type { Operation } from "../task/spec.ts";

/** What errors of tasks say about a node; the text of its place is made when an error or another thread needs it. */
export function operationOf(origin: Origin): Operation {
  return new OriginOperation(origin);
}

/** The same as plain data, for another thread or machine. */
export function plainOperation({ operator, site }: Operation): Operation {
  return { operator, site };
}

class OriginOperation implements Operation {
  readonly operator: string;
  readonly #site: Origin["site"];

  constructor({ operator, site }: Origin) {
    this.operator = operator;
    this.#site = site;
  }

  get site(): string | undefined {
    return this.#site?.text;
  }
}
