import { parseArgs } from "node:util";

/** What the command line asks for. */
export interface BenchArguments {
  /** Names of workloads; empty: all. */
  readonly names: readonly string[];
  readonly json: boolean;
  /** Whether Spark takes part. */
  readonly spark: boolean;
  readonly runs: number;
  readonly quick: boolean;
}

export const USAGE = `usage: npm run bench -- [names…] [--json] [--peer spark] [--runs N] [--quick]
  names         workloads to run (default: all); "inputs" only makes and checks the inputs
  --json        one JSON document on standard output instead of tables
  --peer spark  Apache Spark local[2] takes part (needs Java 17, python3 with pip, and a package index)
  --runs N      samples of every contender (default 3; 1 with --quick)
  --quick       small inputs, short runs: shows that everything works, not how fast it is`;

/** Reads the command line; throws an error whose message says what is wrong with it. */
export function parseArguments(args: readonly string[], known: readonly string[]): BenchArguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: "boolean", default: false },
      peer: { type: "string" },
      runs: { type: "string" },
      quick: { type: "boolean", default: false },
    },
  });
  const unknown = positionals.filter(name => !known.includes(name));
  if (unknown.length > 0) throw new Error(`no workload ${unknown.join(", ")}; there are ${known.join(", ")}`);
  if (values.peer !== undefined && values.peer !== "spark")
    throw new Error(`no peer ${values.peer}; there is spark`);
  const runs = Number(values.runs ?? (values.quick ? 1 : 3));
  if (!Number.isInteger(runs) || runs < 1)
    throw new Error(`--runs must be a whole number from 1, not ${values.runs}`);
  return { names: positionals, json: values.json, spark: values.peer === "spark", runs, quick: values.quick };
}
