/** How grave a line is, or `off`. */
export type LogLevel = "debug" | "info" | "warn" | "error" | "off";

const ranks: Record<LogLevel, number> = { debug: 20, info: 30, warn: 40, error: 50, off: 100 };
/** Names that Spark knows and Millrace does not tell apart. */
const synonyms: Record<string, LogLevel> = { all: "debug", trace: "debug", fatal: "error" };

/** Whether a line of level `line` is written when the level is `threshold`. */
export function isLogged(line: LogLevel, threshold: LogLevel): boolean {
  return ranks[line] >= ranks[threshold];
}

/** Reads a level in any case, Spark's `ALL`, `TRACE` and `FATAL` included; `undefined` when it is none. */
export function parseLogLevel(text: string): LogLevel | undefined {
  const name = text.trim().toLowerCase();
  return Object.hasOwn(ranks, name)
    ? (name as LogLevel)
    : Object.hasOwn(synonyms, name)
      ? synonyms[name]
      : undefined;
}
