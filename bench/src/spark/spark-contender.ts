import { sampleOf } from "../harness/child-process.ts";
import { repetitions } from "../harness/measure-repeatedly.ts";
import type { Contender, Sample, Settings } from "../harness/workload.ts";
import { runningCluster } from "./cluster.ts";
import { PEER_JAR, sparkClassPath } from "./install.ts";

/** What Spark needs opened on Java 17 and newer, as its own launcher does. */
const OPENED_PACKAGES = [
  ...["java.lang", "java.lang.invoke", "java.lang.reflect", "java.io", "java.net", "java.nio", "java.util"],
  ...["java.util.concurrent", "java.util.concurrent.atomic", "jdk.internal.ref", "sun.nio.ch", "sun.nio.cs"],
  ...["sun.security.action", "sun.util.calendar"],
];

/** The `java` command line of one workload of the peer program. */
export function sparkCommand(
  workload: string,
  parameters: Readonly<Record<string, string | number>>,
  classPath: string = sparkClassPath(),
): string[] {
  return [
    "-Xmx4g",
    "-XX:+IgnoreUnrecognizedVMOptions",
    ...OPENED_PACKAGES.map(name => `--add-opens=java.base/${name}=ALL-UNNAMED`),
    "-Djdk.reflect.useDirectMethodHandle=false",
    ...["-cp", classPath, "Main", workload],
    ...Object.entries(parameters).map(([key, value]) => `${key}=${value}`),
  ];
}

/** Apache Spark at `local[2]`, Java serialization, 4 GB heap, doing `workload` of `bench/spark-peer`. */
export function sparkContender(
  workload: string,
  parameters: (settings: Settings) => Readonly<Record<string, string | number>>,
  name = "spark local[2]",
): Contender {
  return {
    name,
    role: "spark",
    process: "own",
    measure: settings => {
      const { warmUps, measured } = repetitions(settings);
      return sampleOf<Sample>("java", sparkCommand(workload, { warmUps, measured, ...parameters(settings) }));
    },
  };
}

/** Apache Spark's RDD API on the cluster that `startCluster` started, its jars there and here the same. */
export function sparkClusterContender(
  workload: string,
  parameters: (settings: Settings) => Readonly<Record<string, string | number>>,
): Contender {
  return {
    name: "spark RDD (Java)",
    role: "spark",
    process: "own",
    measure: settings => {
      const { masterUrl, sparkHome } = runningCluster();
      const { warmUps, measured } = repetitions(settings);
      const given = { warmUps, measured, ...parameters(settings), master: masterUrl, jar: PEER_JAR };
      return sampleOf<Sample>("java", sparkCommand(workload, given, `${PEER_JAR}:${sparkHome}/jars/*`));
    },
  };
}
