import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.streaming.Duration;
import org.apache.spark.streaming.api.java.JavaPairDStream;
import org.apache.spark.streaming.api.java.JavaStreamingContext;
import scala.Tuple2;

/** Word counts of a window of 30 batches sliding by one, with the inverse function. */
final class WindowedWordCount {
  private static final int WINDOW_BATCHES = 30;
  /** Spark checkpoints such a stream every ten seconds: every ten batches of one second. */
  private static final int CHECKPOINT_BATCHES = 10;
  /** Static, because a checkpoint writes the functions of the stream with everything they hold. */
  private static final AtomicLong WORDS = new AtomicLong();
  private static BatchClock clock;
  private static SteppedClock steps;

  static Sample run(JavaSparkContext sc, Parameters given) throws Exception {
    int linesPerBatch = given.number("linesPerBatch");
    int warmUps = given.number("warmUpBatches");
    int batches = given.number("batches");
    Duration interval = SteppedClock.INTERVAL;
    List<JavaRDD<String>> inputs = new ArrayList<>();
    for (List<String> lines : Lines.batches(given.text("path"), linesPerBatch)) {
      inputs.add(sc.parallelize(lines, 2));
    }
    Queue<JavaRDD<String>> queue = new ArrayDeque<>();
    for (int i = 0; i < warmUps + batches; i++) queue.add(inputs.get(i % inputs.size()));
    JavaStreamingContext ssc = new JavaStreamingContext(sc, interval);
    ssc.checkpoint(Files.createTempDirectory("bench-checkpoint").toString());
    steps = SteppedClock.of(ssc);
    clock = new BatchClock(warmUps, batches);
    JavaPairDStream<String, Integer> counts = ssc.queueStream(queue)
        .flatMap(line -> Arrays.asList(line.split(" ")).iterator())
        .mapToPair(word -> new Tuple2<>(word, 1))
        .reduceByKeyAndWindow(
            Integer::sum, (a, b) -> a - b, interval.times(WINDOW_BATCHES), interval);
    counts.checkpoint(interval.times(CHECKPOINT_BATCHES));
    counts.foreachRDD((rdd, time) -> {
      steps.step();
      clock.batch(time.milliseconds(), () -> WORDS.set(total(rdd)));
    });
    ssc.start();
    steps.step();
    clock.await();
    double seconds = clock.wallSeconds();
    return new Sample(
        seconds,
        clock.cpuSeconds(),
        Map.of(
            "linesPerSecond", (double) linesPerBatch * batches / seconds,
            "batchP50Ms", Repetition.percentile(clock.processing(), 0.5),
            "batchMaxMs", Repetition.percentile(clock.processing(), 1)),
        WORDS + " words in the last window");
  }

  private static long total(JavaPairRDD<String, Integer> counts) {
    return counts.values().fold(0, Integer::sum);
  }
}
