import { createRequire } from "node:module";
import type { pino } from "pino";
import type { Platform } from "../platform/platform.ts";
import { systemPlatform } from "../platform/system/index.ts";
import { isLogged, type LogLevel } from "./level.ts";
import { type LogRecord, textLine } from "./text-line.ts";

/** Writes lines about what one part of Millrace does; `details` is plain data or an `Error`. */
export interface Logger {
  debug(message: string, details?: unknown): void;
  info(message: string, details?: unknown): void;
  warn(message: string, details?: unknown): void;
  error(message: string, details?: unknown): void;
}

/** `text` for people, `json` for collectors of logs: one object a line, as pino writes it. */
export type LogFormat = "text" | "json";

/** How a logger writes. */
export interface LoggerOptions {
  /** Whose standard error and clock; default `systemPlatform`. */
  readonly platform?: Platform;
  /** The lowest level written, or a function asked at every line; default `warn`. */
  readonly level?: LogLevel | (() => LogLevel);
  /** Default `text`. */
  readonly format?: LogFormat;
}

/**
 * Makes the logger of one part, named as in Spark, such as `ReceiverSupervisor`. Lines go to standard error:
 * standard output belongs to `print()`.
 */
export function createLogger(name: string, options: LoggerOptions = {}): Logger {
  const { platform = systemPlatform, level = "warn", format = "text" } = options;
  const threshold = typeof level === "function" ? level : () => level;
  // pino takes some 20 ms to load, which a quiet program need not pay: it comes with the first line.
  let lines: pino.Logger | undefined;
  const write =
    (lineLevel: "debug" | "info" | "warn" | "error") =>
    (message: string, details?: unknown): void => {
      if (!isLogged(lineLevel, threshold())) return;
      lines ??= createPino(name, platform, format);
      lines[lineLevel](mergedFields(details), message);
    };
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}

const require = createRequire(import.meta.url);

function createPino(name: string, platform: Platform, format: LogFormat): pino.Logger {
  const create: typeof pino = require("pino");
  const write =
    format === "json"
      ? (line: string) => platform.host.stderr(line)
      : (line: string) => platform.host.stderr(textLine(JSON.parse(line) as LogRecord));
  return create(
    {
      name,
      level: "debug",
      base: { name },
      timestamp: () => `,"time":${platform.clock.now()}`,
      formatters: { level: label => ({ level: label }) },
      serializers: {
        err: (error: Error) => ({ ...create.stdSerializers.err(error), message: error.message }),
      },
    },
    { write },
  );
}

function mergedFields(details: unknown): object {
  if (details === undefined) return {};
  return details instanceof Error ? { err: details } : { details };
}
