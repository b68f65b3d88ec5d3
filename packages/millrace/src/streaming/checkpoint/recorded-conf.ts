import type { SparkConf } from "../../common/conf/index.ts";

/** Where a driver runs is another matter in every run. */
const ofOneRun = /^spark\.(driver\.(host|bindAddress|port)|ui\.port|blockManager\.port)$/;

const secret = /secret|password|token|credential|access[._-]?key/i;

/** The configuration as checkpoints record it: for people, and to see what changed. */
export function recordedConf(conf: SparkConf): Readonly<Record<string, string>> {
  return Object.fromEntries(
    conf
      .getAll()
      .filter(([key]) => !ofOneRun.test(key))
      .map(([key, value]) => [key, secret.test(key) ? "(not recorded)" : value]),
  );
}
