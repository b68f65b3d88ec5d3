import { millraceError } from "../../../common/errors/index.ts";

/** How task sets of one pool, or pools among each other, are ordered. */
export type SchedulingMode = "FIFO" | "FAIR";

/** A pool as configured. */
export interface PoolConfig {
  readonly name: string;
  readonly mode: SchedulingMode;
  /** Share of the slots relative to other pools. */
  readonly weight: number;
  /** Slots it gets before weights count. */
  readonly minShare: number;
}

/** How tasks of different jobs share the slots. */
export interface SchedulingConfig {
  readonly mode: SchedulingMode;
  /** Pools that are set up; others come into being, with the defaults, when a job names them. */
  readonly pools: readonly PoolConfig[];
}

export const DEFAULT_POOL = "default";
export const FIFO: SchedulingConfig = { mode: "FIFO", pools: [] };

export function defaultPool(name: string): PoolConfig {
  return { name, mode: "FIFO", weight: 1, minShare: 0 };
}

const poolElement = /<pool\s+name\s*=\s*["']([^"']*)["']\s*(?:\/>|>([\s\S]*?)<\/pool>)/g;

/**
 * Reads an allocation file: Spark's XML (`<allocations><pool name="…"><schedulingMode>FAIR</schedulingMode>
 * <weight>2</weight><minShare>1</minShare></pool>…`), or JSON, an array of
 * `{ "name": "…", "schedulingMode": "FAIR", "weight": 2, "minShare": 1 }`. What is left out has Spark's default:
 * FIFO, 1 and 0.
 *
 * @throws MR_BAD_ARGUMENT naming the file and what is wrong with it
 */
export function parsePools(text: string, path: string): PoolConfig[] {
  const pools = text.trimStart().startsWith("<") ? fromXml(text, path) : fromJson(text, path);
  return pools.map(pool => checked(pool, path));
}

type Fields = Readonly<Record<string, unknown>>;

function fromXml(text: string, path: string): Fields[] {
  if (!/<allocations[\s>/]/.test(text)) throw broken(path, "there is no <allocations> element");
  const content = text.replace(/<!--[\s\S]*?-->/g, "");
  return Array.from(content.matchAll(poolElement), ([, name, body = ""]) => {
    const fields: Record<string, unknown> = { name };
    for (const [, key = "", value = ""] of body.matchAll(/<(\w+)>([^<]*)<\/\1>/g)) fields[key] = value.trim();
    return fields;
  });
}

function fromJson(text: string, path: string): Fields[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw broken(path, String((error as Error).message));
  }
  if (!Array.isArray(parsed)) throw broken(path, "an array of pools was expected");
  return parsed as Fields[];
}

function checked(
  { name, schedulingMode = "FIFO", weight = 1, minShare = 0 }: Fields,
  path: string,
): PoolConfig {
  if (typeof name !== "string" || name === "") throw broken(path, "a pool has no name");
  if (schedulingMode !== "FIFO" && schedulingMode !== "FAIR") {
    throw broken(path, `pool ${name}: schedulingMode is FIFO or FAIR, not ${String(schedulingMode)}`);
  }
  return {
    name,
    mode: schedulingMode,
    weight: whole(weight, 1, `pool ${name}: weight`, path),
    minShare: whole(minShare, 0, `pool ${name}: minShare`, path),
  };
}

function whole(value: unknown, least: number, what: string, path: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= least) return number;
  throw broken(path, `${what} is an integer of at least ${least}, not ${String(value)}`);
}

function broken(path: string, what: string) {
  return millraceError("MR_BAD_ARGUMENT", `allocation file ${path}: ${what}`, {
    hint: "Correct the file named by spark.scheduler.allocation.file.",
  });
}
