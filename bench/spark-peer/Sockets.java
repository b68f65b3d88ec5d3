import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.streaming.Durations;
import org.apache.spark.streaming.api.java.JavaDStream;
import org.apache.spark.streaming.api.java.JavaStreamingContext;

/** Lines from a socket: how many are taken at most, and how long they take to the output. */
final class Sockets {
  static Sample intake(JavaSparkContext sc, Parameters given) throws Exception {
    long[] lines = {0};
    Used used = run(sc, given, (stream, counting) ->
        stream.foreachRDD(rdd -> {
          long count = rdd.count();
          counting.batch(() -> lines[0] += count);
        }));
    return new Sample(used.wallSeconds(), used.cpuSeconds(), Map.of("linesPerSecond", lines[0] / used.wallSeconds()), null);
  }

  static Sample latency(JavaSparkContext sc, Parameters given) throws Exception {
    List<Double> latencies = new ArrayList<>();
    Used used = run(sc, given, (stream, counting) ->
        stream.map(line -> Long.parseLong(line.substring(0, 13))).foreachRDD(rdd -> {
          List<Long> stamps = rdd.collect();
          long now = System.currentTimeMillis();
          counting.batch(() -> stamps.forEach(stamp -> latencies.add((double) (now - stamp))));
        }));
    double[] all = latencies.stream().mapToDouble(Double::doubleValue).toArray();
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("latencyP50Ms", Repetition.percentile(all, 0.5));
    metrics.put("latencyP99Ms", Repetition.percentile(all, 0.99));
    metrics.put("linesPerSecond", all.length / used.wallSeconds());
    return new Sample(used.wallSeconds(), used.cpuSeconds(), metrics, null);
  }

  /** Of the measured part. */
  record Used(double wallSeconds, double cpuSeconds) {}

  interface Output {
    void declare(JavaDStream<String> lines, Counting counting);
  }

  private static Used run(JavaSparkContext sc, Parameters given, Output output) throws Exception {
    JavaStreamingContext ssc = new JavaStreamingContext(sc, Durations.milliseconds(given.number("intervalMs")));
    Counting counting = new Counting(given.number("warmUpBatches"), given.number("batches"));
    output.declare(ssc.socketTextStream("127.0.0.1", given.number("port")), counting);
    ssc.start();
    counting.done.await();
    return counting.used;
  }

  /** Counts batches: first those of the warm-up, then the measured ones. */
  static final class Counting {
    final CountDownLatch done = new CountDownLatch(1);
    private final int warmUps;
    private final int batches;
    private int batch = 0;
    private Stopwatch stopwatch;
    private Used used;

    Counting(int warmUps, int batches) {
      this.warmUps = warmUps;
      this.batches = batches;
    }

    void batch(Runnable measured) {
      batch += 1;
      if (batch == warmUps) stopwatch = new Stopwatch();
      if (batch <= warmUps || batch > warmUps + batches) return;
      measured.run();
      if (batch < warmUps + batches) return;
      used = new Used(stopwatch.wallSeconds(), stopwatch.cpuSeconds());
      done.countDown();
    }
  }
}
