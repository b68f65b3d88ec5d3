import { AsyncLocalStorage } from "node:async_hooks";
import type { CallSite } from "../../common/call-site.ts";
import type { JobProperties } from "../../engine/index.ts";

/** What jobs get from where they are started. */
interface Scope {
  readonly properties: JobProperties;
  /** Gives up every job of the scope. */
  readonly signal: AbortSignal | undefined;
  readonly onJob: ((jobId: number) => void) | undefined;
  /** Where actions count as called when their own place cannot be found later; absent: it is taken at once. */
  readonly site: CallSite | undefined;
}

const NOTHING: Scope = { properties: {}, signal: undefined, onJob: undefined, site: undefined };

/**
 * Properties of the flow of calls that runs now, as Spark has them per thread: what is set holds for what comes after
 * it in the same flow, also across waits, and for the flows it starts from then on.
 */
export class JobScope {
  readonly #flow = new AsyncLocalStorage<Scope>();

  get current(): Scope {
    return this.#flow.getStore() ?? NOTHING;
  }

  set(key: string, value: string | undefined): void {
    const { [key]: _, ...others } = this.current.properties;
    const properties = value === undefined ? others : { ...others, [key]: value };
    this.#flow.enterWith({ ...this.current, properties });
  }

  /** Runs `body` with these properties and no others. */
  withProperties<R>(properties: JobProperties, site: CallSite | undefined, body: () => R): R {
    const { signal, onJob, site: around } = this.current;
    return this.#flow.run({ properties, signal, onJob, site: site ?? around }, body);
  }

  /** Runs `body` so that `signal` gives up its jobs, beside the signals of scopes around it. */
  withSignal<R>(signal: AbortSignal, onJob: ((jobId: number) => void) | undefined, body: () => R): R {
    const around = this.current;
    const both = around.signal === undefined ? signal : AbortSignal.any([around.signal, signal]);
    return this.#flow.run({ ...around, signal: both, onJob: onJob ?? around.onJob }, body);
  }
}
