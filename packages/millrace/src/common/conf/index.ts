export { type KnownKey, type KnownValue, knownKeys } from "./known-keys.ts";
export { type ConfValue, SparkConf } from "./spark-conf.ts";
