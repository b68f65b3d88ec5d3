import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.streaming.Durations;
import org.apache.spark.streaming.api.java.JavaStreamingContext;
import scala.Tuple2;

/** Word counts of small batches at a short interval: how long each takes and how late it is. */
final class TinyBatches {
  /** Static, because a checkpoint writes the functions of the stream with everything they hold. */
  private static BatchClock clock;

  static Sample run(JavaSparkContext sc, Parameters given) throws Exception {
    int intervalMs = given.number("intervalMs");
    int warmUps = given.number("warmUpBatches");
    int batches = given.number("batches");
    List<String> lines = Lines.batches(given.text("path"), given.number("linesPerBatch")).get(0);
    JavaRDD<String> input = sc.parallelize(lines, 2);
    JavaStreamingContext ssc = new JavaStreamingContext(sc, Durations.milliseconds(intervalMs));
    if (given.number("checkpoints") == 1) ssc.checkpoint(Files.createTempDirectory("checkpoint").toString());
    clock = new BatchClock(warmUps, batches, intervalMs);
    ssc.queueStream(new ArrayDeque<>(), true, input)
        .flatMap(line -> Arrays.asList(line.split(" ")).iterator())
        .mapToPair(word -> new Tuple2<>(word, 1))
        .reduceByKey(Integer::sum)
        .foreachRDD((rdd, time) -> clock.batch(time.milliseconds(), rdd::collect));
    ssc.start();
    clock.await();
    double[] startDelays = clock.startDelays();
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("processingP50Ms", Repetition.percentile(clock.processing(), 0.5));
    metrics.put("processingP99Ms", Repetition.percentile(clock.processing(), 0.99));
    metrics.put("startDelayP50Ms", Repetition.percentile(startDelays, 0.5));
    metrics.put("startDelayP99Ms", Repetition.percentile(startDelays, 0.99));
    metrics.put("totalP50Ms", Repetition.percentile(clock.totals(), 0.5));
    metrics.put("totalP99Ms", Repetition.percentile(clock.totals(), 0.99));
    metrics.put("batchesBehind", (double) Arrays.stream(startDelays).filter(delay -> delay > intervalMs).count());
    return new Sample(clock.wallSeconds(), clock.cpuSeconds(), metrics, null);
  }
}
