import { type ErrorCode, MillraceError, millraceError } from "../errors/index.ts";
import { createLogger, type Logger, parseLogLevel } from "../log/index.ts";
import { Duration, parseTimeStringAs } from "../time/index.ts";
import { parseFlag } from "./key-kinds.ts";
import { isKnownKey, type KnownKey, type KnownValue, knownKeys } from "./known-keys.ts";
import { nearestKnownKey } from "./near-miss.ts";
import { parseDecimalString, parseIntegerString } from "./number-string.ts";
import { parseSizeString } from "./size-string.ts";

/** What a key can be set to; kept as a text. */
export type ConfValue = string | number | boolean | Duration;

type TextKey = string & {};

/**
 * The configuration of an application: `spark.*` keys and their values, kept as texts.
 *
 * Keys that Millrace knows are checked when they are set, have defaults and read as what they are: times as
 * milliseconds, flags as booleans. Other keys are kept as they are; one that looks like a
 * known key misspelt gets a warning, once.
 *
 * ```ts
 * import { SparkConf } from "millrace";
 * const conf = new SparkConf()
 *   .setMaster("local[2]")
 *   .setAppName("NetworkWordCount")
 *   .set("spark.streaming.blockInterval", "50ms");
 * console.assert(conf.get("spark.streaming.blockInterval") === 50);
 * console.assert(conf.get("spark.streaming.concurrentJobs") === 1);
 * ```
 */
export class SparkConf {
  readonly #settings = new Map<string, string>();
  readonly #options: { readonly logger?: Logger };
  readonly #logger: Logger;
  /** Keys that were remarked upon; shared with clones. */
  #mentioned = new Set<string>();

  /**
   * @param settings keys to begin with
   * @param options `logger`: where remarks about unknown keys go; default standard error
   * @throws as `set`
   */
  constructor(
    settings: Readonly<Record<string, ConfValue>> | Iterable<readonly [string, ConfValue]> = {},
    options: { readonly logger?: Logger } = {},
  ) {
    this.#options = options;
    this.#logger =
      options.logger ??
      createLogger("SparkConf", { level: () => parseLogLevel(this.get("spark.log.level")) ?? "warn" });
    this.setAll(settings);
  }

  /**
   * Sets a key, replacing its value.
   *
   * @throws MR_CONF_BAD_NUMBER, MR_CONF_BAD_VALUE when a known key cannot have that value
   */
  set(key: KnownKey | TextKey, value: ConfValue): this {
    if (typeof key !== "string" || key.trim() === "") {
      throw millraceError(
        "MR_BAD_ARGUMENT",
        `A configuration key is a text such as spark.app.name, not ${String(key)}`,
      );
    }
    const text = textOf(key, value);
    if (isKnownKey(key)) readKnown(key, text);
    else this.#remarkOn(key);
    this.#settings.set(key, text);
    return this;
  }

  /** Sets several keys. Throws as `set`. */
  setAll(settings: Readonly<Record<string, ConfValue>> | Iterable<readonly [string, ConfValue]>): this {
    const entries = Symbol.iterator in settings ? settings : Object.entries(settings);
    for (const [key, value] of entries) this.set(key, value);
    return this;
  }

  /** Sets a key unless it is set. Throws as `set`. */
  setIfMissing(key: KnownKey | TextKey, value: ConfValue): this {
    return this.contains(key) ? this : this.set(key, value);
  }

  /** Where the application runs: `local`, `local[4]`, `local[*]`, `sc://host:15002`. */
  setMaster(master: string): this {
    return this.set("spark.master", master);
  }

  /** The name that logs and the UI show. */
  setAppName(name: string): this {
    return this.set("spark.app.name", name);
  }

  /** Forgets what a key was set to. */
  remove(key: KnownKey | TextKey): this {
    this.#settings.delete(key);
    return this;
  }

  /**
   * The value of a key: what it was set to, else `fallback`, else the key's default. Known keys read as what
   * they are, others as texts.
   *
   * @throws MR_CONF_MISSING when there is none of these
   */
  get<K extends KnownKey>(key: K): KnownValue<K>;
  get<K extends KnownKey, const D>(key: K, fallback: D): KnownValue<K> | D;
  get(key: string, fallback?: string): string;
  get(key: string, fallback?: unknown): unknown {
    const text = this.#settings.get(key);
    if (!isKnownKey(key)) return text ?? fallback ?? missing(key);
    if (text !== undefined) return readKnown(key, text);
    if (fallback !== undefined) return fallback;
    const standard = knownKeys[key].fallback;
    return standard === undefined ? missing(key) : readKnown(key, standard);
  }

  /** The value a key was set to, read as `get` does; `undefined` when it was not set, also if it has a default. */
  getOption<K extends KnownKey>(key: K): KnownValue<K> | undefined;
  getOption(key: string): string | undefined;
  getOption(key: string): unknown {
    const text = this.#settings.get(key);
    return text !== undefined && isKnownKey(key) ? readKnown(key, text) : text;
  }

  /** Whether a key was set. */
  contains(key: KnownKey | TextKey): boolean {
    return this.#settings.has(key);
  }

  /** All keys that were set with the texts they were set to, sorted by key. */
  getAll(): [key: string, value: string][] {
    return [...this.#settings].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** A time as whole milliseconds; a bare number is milliseconds. Throws MR_CONF_BAD_NUMBER, MR_CONF_MISSING. */
  getTimeAsMs(key: KnownKey | TextKey, fallback?: string): number {
    return this.#parsed(key, fallback, text => parseTimeStringAs(text, "ms"));
  }

  /** A time as whole seconds, cut; a bare number is seconds. Throws MR_CONF_BAD_NUMBER, MR_CONF_MISSING. */
  getTimeAsSeconds(key: KnownKey | TextKey, fallback?: string): number {
    return this.#parsed(key, fallback, text => parseTimeStringAs(text, "s"));
  }

  /** A size as bytes; a bare number is bytes. Throws MR_CONF_BAD_NUMBER, MR_CONF_MISSING. */
  getSizeAsBytes(key: KnownKey | TextKey, fallback?: string | number): number {
    return this.#parsed(key, fallback, parseSizeString);
  }

  /** An integer. Throws MR_CONF_BAD_NUMBER, MR_CONF_MISSING. */
  getInt(key: KnownKey | TextKey, fallback?: number): number {
    return this.#parsed(key, fallback, parseIntegerString);
  }

  /** A number. Throws MR_CONF_BAD_NUMBER, MR_CONF_MISSING. */
  getDouble(key: KnownKey | TextKey, fallback?: number): number {
    return this.#parsed(key, fallback, parseDecimalString);
  }

  /** A flag. Throws MR_CONF_BAD_VALUE, MR_CONF_MISSING. */
  getBoolean(key: KnownKey | TextKey, fallback?: boolean): boolean {
    return this.#parsed(key, fallback, parseFlag);
  }

  /** A copy that changes on its own. */
  clone(): SparkConf {
    const copy = new SparkConf({}, this.#options);
    copy.#mentioned = this.#mentioned;
    for (const [key, text] of this.#settings) copy.#settings.set(key, text);
    return copy;
  }

  /** The keys that were set, a `key=value` a line. */
  toDebugString(): string {
    return this.getAll()
      .map(([key, value]) => `${key}=${value}`)
      .join("\n");
  }

  #parsed<T>(key: string, fallback: ConfValue | undefined, parse: (text: string) => T): T {
    const standard = isKnownKey(key) ? knownKeys[key].fallback : undefined;
    const text = this.#settings.get(key) ?? (fallback === undefined ? standard : textOf(key, fallback));
    return text === undefined ? missing(key) : naming(key, text, undefined, () => parse(text));
  }

  #remarkOn(key: string): void {
    if (!key.startsWith("spark.") || this.#mentioned.has(key)) return;
    this.#mentioned.add(key);
    const nearest = nearestKnownKey(key);
    if (nearest === undefined) this.#logger.debug(`${key} means nothing to Millrace itself`);
    else this.#logger.warn(`${key} is not a key that Millrace knows: did you mean ${nearest}?`);
  }
}

function readKnown(key: KnownKey, text: string): unknown {
  const kind = knownKeys[key];
  return naming(key, text, kind.expects, () => kind.parse(text));
}

/** Runs `parse`; its errors come out saying which key has which value and what was expected. */
function naming<T>(key: string, text: string, expects: string | undefined, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error;
    const details = expects === undefined ? error.message : `expected ${expects}`;
    const code: ErrorCode = error.code;
    throw millraceError(code, `${key} cannot be "${text}": ${details}`, { hint: error.hint });
  }
}

function textOf(key: string, value: ConfValue): string {
  if (typeof value === "string") return value;
  if (value instanceof Duration) return `${value.milliseconds}ms`;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw millraceError(
    "MR_BAD_ARGUMENT",
    `${key} cannot be ${value === null ? "null" : typeof value}: expected a text, a number or a boolean`,
  );
}

function missing(key: string): never {
  throw millraceError("MR_CONF_MISSING", `${key} is not set`);
}
