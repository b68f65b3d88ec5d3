import type { InputName } from "../inputs/input-files.ts";

/** How thoroughly to measure. */
export interface Settings {
  /** Smaller inputs, one warm-up, one measurement: shows that everything runs, not how fast. */
  readonly quick: boolean;
}

/** One measurement of one contender in a process of its own. */
export interface Sample {
  /** Of the measured part, after warm-up. */
  readonly wallSeconds: number;
  /** User and system time of all threads and children during the measured part. */
  readonly cpuSeconds: number;
  /** Figures by name; the unit is the end of the name (`linesPerSecond`, `p99Ms`). */
  readonly metrics: Readonly<Record<string, number>>;
  /** What was computed, in short: contenders of a workload must agree on it where they give it. */
  readonly answer?: string;
}

/** A system that does a workload. */
export interface Contender {
  /** Unique within the workload. */
  readonly name: string;
  readonly role: "millrace" | "floor" | "tool" | "spark";
  /** Whether `measure` runs in a fresh process that the harness starts, or starts its own. */
  readonly process: "fresh" | "own";
  /** Flags of node for the fresh process. */
  readonly nodeFlags?: readonly string[];
  readonly measure: (settings: Settings) => Promise<Sample>;
}

/** Something worth measuring, and who does it. */
export interface Workload {
  readonly name: string;
  readonly title: string;
  /** The metric that ratios are built from, and whether more of it is better. */
  readonly headline: { readonly metric: string; readonly better: "more" | "less" };
  readonly inputs: (settings: Settings) => readonly InputName[];
  /** Whether it runs on a Spark cluster, and so only where Spark takes part. */
  readonly onCluster?: true;
  /** In the order in which they take turns. */
  readonly contenders: readonly Contender[];
}
