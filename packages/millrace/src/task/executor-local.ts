import { registerHandleKind } from "../closure/index.ts";
import { systemPlatform } from "../common/platform/system/index.ts";

/** How an executor's value ends. */
export interface ExecutorLocalOptions<T> {
  /** Called with the value when the engine of its thread stops; default: nothing is done. */
  readonly close?: (value: Awaited<T>) => unknown;
}

interface Description {
  /** The same on every executor of a program, and no other program's. */
  readonly id: string;
  readonly create: () => unknown;
  readonly close: ((value: never) => unknown) | undefined;
}

const descriptions = new WeakMap<object, Description>();
/** What has arrived from elsewhere, so that a variable that arrives again is the same function. */
const revived = new Map<string, () => unknown>();
/** The values of this thread. */
const values = new Map<string, { readonly description: Description; readonly value: unknown }>();

/**
 * A value that every executor (a worker thread, or the program itself on `local`) makes for itself when a task
 * first asks for it, and keeps for all later tasks: a pool of database connections, a compiled model. The
 * function that is answered may be captured by functions of operations; what it gives never travels.
 *
 * ```ts
 * import { executorLocal, StreamingContext } from "millrace";
 * const pool = executorLocal(() => ({ insert: (row: string) => console.log("insert", row) }));
 * const ssc = new StreamingContext("local", "example", "20ms");
 * ssc.queueStream([["to", "be"]]).foreachRDD(async rdd => {
 *   await rdd.foreachPartition(rows => {
 *     const connections = pool();
 *     for (const row of rows) connections.insert(row);
 *   });
 *   void ssc.stop();
 * });
 * await ssc.start();
 * await ssc.awaitTermination();
 * ```
 *
 * @param create called at most once per executor; may answer with a promise, in which case the function does
 *   too. When it throws or the promise is rejected, the next task tries again.
 */
export function executorLocal<T>(create: () => T, options: ExecutorLocalOptions<T> = {}): () => T {
  const { random } = systemPlatform;
  const id = `${random.nextUint32().toString(36)}-${random.nextUint32().toString(36)}`;
  return variable({ id, create, close: options.close }) as () => T;
}

/** Ends the values of this thread; who asks later makes new ones. An error in one does not keep the others. */
export async function closeExecutorLocals(): Promise<void> {
  const ending = [...values.values()];
  values.clear();
  const close = async ({ description, value }: (typeof ending)[number]) =>
    description.close?.((await value) as never);
  await Promise.allSettled(ending.map(close));
}

function variable(description: Description): () => unknown {
  const get = () => currentValue(description);
  descriptions.set(get, description);
  return get;
}

function currentValue(description: Description): unknown {
  const { id } = description;
  const known = values.get(id);
  if (known !== undefined) return known.value;
  const value = description.create();
  const entry = { description, value };
  values.set(id, entry);
  if (value instanceof Promise) {
    value.catch(() => {
      if (values.get(id) === entry) values.delete(id);
    });
  }
  return value;
}

registerHandleKind<() => unknown, Description>("executorLocal", {
  isInstance: (value): value is () => unknown => descriptions.has(value),
  toData: handle => descriptions.get(handle) as Description,
  revive: description => {
    let known = revived.get(description.id);
    if (known === undefined) {
      known = variable(description);
      revived.set(description.id, known);
    }
    return known;
  },
});
