import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.streaming.Durations;
import org.apache.spark.streaming.api.java.JavaStreamingContext;
import scala.Tuple2;

/** A whole small streaming program that prints its batches until it is killed. */
final class FirstOutput {
  static void run(SparkConf conf, Parameters given) throws Exception {
    JavaStreamingContext ssc = new JavaStreamingContext(conf, Durations.milliseconds(given.number("intervalMs")));
    Queue<JavaRDD<String>> queue = new ArrayDeque<>();
    queue.add(ssc.sparkContext().parallelize(Arrays.asList("to be or", "not to be")));
    ssc.queueStream(queue)
        .flatMap(line -> Arrays.asList(line.split(" ")).iterator())
        .mapToPair(word -> new Tuple2<>(word, 1))
        .reduceByKey(Integer::sum)
        .print();
    ssc.start();
    ssc.awaitTermination();
  }
}
