import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.streaming.api.java.JavaStreamingContext;
import scala.Tuple2;

/** Word counts of queued batches, one after the other without a pause. */
final class StreamingWordCount {
  static Sample run(JavaSparkContext sc, Parameters given) throws Exception {
    int linesPerBatch = given.number("linesPerBatch");
    int warmUps = given.number("warmUpBatches");
    int batches = given.number("batches");
    List<JavaRDD<String>> inputs = new ArrayList<>();
    for (List<String> lines : Lines.batches(given.text("path"), linesPerBatch)) {
      inputs.add(sc.parallelize(lines, 2));
    }
    Queue<JavaRDD<String>> queue = new ArrayDeque<>();
    for (int i = 0; i < warmUps + batches; i++) queue.add(inputs.get(i % inputs.size()));
    JavaStreamingContext ssc = new JavaStreamingContext(sc, SteppedClock.INTERVAL);
    SteppedClock steps = SteppedClock.of(ssc);
    BatchClock clock = new BatchClock(warmUps, batches);
    AtomicLong words = new AtomicLong();
    ssc.queueStream(queue)
        .flatMap(line -> Arrays.asList(line.split(" ")).iterator())
        .mapToPair(word -> new Tuple2<>(word, 1))
        .reduceByKey(Integer::sum)
        .foreachRDD((rdd, time) -> {
          steps.step();
          clock.batch(time.milliseconds(), () -> words.set(rdd.values().fold(0, Integer::sum)));
        });
    ssc.start();
    steps.step();
    clock.await();
    double seconds = clock.wallSeconds();
    return new Sample(
        seconds,
        clock.cpuSeconds(),
        Map.of("linesPerSecond", (double) linesPerBatch * batches / seconds),
        words + " words in the last batch");
  }
}
