/**
 * The engine behind `sc://` masters: the same program on a stock Apache Spark 4 cluster, through Spark Connect.
 * Installing the package is enough; `new SparkConf().setMaster("sc://host:15002")` finds it.
 *
 * @module
 */

export { createEngine } from "./engine/create-engine.ts";
