import { Milliseconds, SparkConf, StreamingContext } from "millrace";

// A whole small streaming program as a user writes it; it prints its batches until it is stopped.
const conf = new SparkConf().setMaster("local").setAppName("first output");
const ssc = new StreamingContext(conf, Milliseconds(100));
ssc
  .queueStream([["to be or", "not to be"]])
  .flatMap(line => line.split(" "))
  .map(word => [word, 1])
  .reduceByKey((a, b) => a + b)
  .print();
await ssc.start();
await ssc.awaitTermination();
