/** Names a case uses for just any error. */
const anyError = new Set(["Throwable", "Exception", "RuntimeException", "Error"]);

/** How many causes of causes are looked at. */
const maximumDepth = 10;

/**
 * Whether an error, or one that caused it, is of the class a case names: `SparkException`, or
 * `SparkException: part of its message`.
 */
export function isErrorNamed(error: unknown, expected: string): boolean {
  const [, name = "", fragment = ""] = /^\s*([\w$.]*)\s*:?\s*(.*)$/s.exec(expected) ?? [];
  const className = name.slice(name.lastIndexOf(".") + 1);
  let current = error;
  for (let depth = 0; depth < maximumDepth && current !== undefined; depth++) {
    const message = current instanceof Error ? current.message : String(current);
    if ((anyError.has(className) || classNames(current).has(className)) && message.includes(fragment)) {
      return true;
    }
    current = current instanceof Error ? current.cause : undefined;
  }
  return false;
}

/** The names of an error's classes, and the one it calls itself, which is all that is left in another thread. */
function classNames(error: unknown): Set<string> {
  const names = new Set<string>();
  if (typeof error !== "object" || error === null) return names;
  if (error instanceof Error) names.add(error.name);
  for (let at: object | null = Object.getPrototypeOf(error); at !== null; at = Object.getPrototypeOf(at)) {
    names.add(at.constructor.name);
  }
  return names;
}
