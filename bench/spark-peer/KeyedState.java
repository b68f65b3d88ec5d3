import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.Optional;
import org.apache.spark.api.java.function.Function3;
import org.apache.spark.streaming.State;
import org.apache.spark.streaming.StateSpec;
import org.apache.spark.streaming.api.java.JavaPairDStream;
import org.apache.spark.streaming.api.java.JavaStreamingContext;
import scala.Tuple2;

/** A state per key, updated by batches that touch some of the keys. */
final class KeyedState {
  private static final int DISTINCT_BATCHES = 20;
  /** Static, because a checkpoint writes the functions of the stream with everything they hold. */
  private static final AtomicLong RECORDS = new AtomicLong();
  private static BatchClock clock;
  private static SteppedClock steps;

  static Sample run(JavaSparkContext sc, Parameters given, boolean mapsWithState) throws Exception {
    int keys = given.number("keys");
    int updates = given.number("updates");
    int warmUps = given.number("warmUpBatches");
    int batches = given.number("batches");
    List<Tuple2<String, Integer>> all = new ArrayList<>();
    for (int i = 0; i < keys; i++) all.add(new Tuple2<>("user-" + i, 1));
    List<JavaRDD<Tuple2<String, Integer>>> distinct = new ArrayList<>();
    for (int n = 0; n < DISTINCT_BATCHES; n++) {
      List<Tuple2<String, Integer>> batch = new ArrayList<>();
      for (int i = 0; i < updates; i++) {
        batch.add(new Tuple2<>("user-" + ((long) (n * updates + i) * 7919) % keys, 1));
      }
      distinct.add(sc.parallelize(batch, 2));
    }
    Queue<JavaRDD<Tuple2<String, Integer>>> queue = new ArrayDeque<>();
    queue.add(sc.parallelize(all, 2));
    for (int i = 0; i < warmUps + batches; i++) queue.add(distinct.get(i % DISTINCT_BATCHES));
    JavaStreamingContext ssc = new JavaStreamingContext(sc, SteppedClock.INTERVAL);
    ssc.checkpoint(Files.createTempDirectory("bench-checkpoint").toString());
    steps = SteppedClock.of(ssc);
    clock = new BatchClock(warmUps + 1, batches);
    JavaPairDStream<String, Integer> pairs = ssc.queueStream(queue).mapToPair(pair -> pair);
    if (mapsWithState) {
      Function3<String, Optional<Integer>, State<Integer>, Integer> running =
          (key, one, state) -> {
            int sum = (state.exists() ? state.get() : 0) + one.orElse(0);
            state.update(sum);
            return sum;
          };
      pairs
          .mapWithState(StateSpec.function(running))
          .foreachRDD((rdd, time) -> measure(rdd, time.milliseconds()));
    } else {
      pairs
          .<Integer>updateStateByKey((ones, count) -> Optional.of(count.orElse(0) + ones.size()))
          .foreachRDD((rdd, time) -> {
            steps.step();
            clock.batch(time.milliseconds(), () -> RECORDS.set(rdd.count()));
          });
    }
    ssc.start();
    steps.step();
    clock.await();
    return new Sample(
        clock.wallSeconds(),
        clock.cpuSeconds(),
        Map.of(
            "batchP50Ms", Repetition.percentile(clock.processing(), 0.5),
            "batchMaxMs", Repetition.percentile(clock.processing(), 1),
            "batchesPerSecond", batches / clock.wallSeconds()),
        RECORDS + " records in the last batch");
  }

  private static void measure(JavaRDD<Integer> rdd, long timeMs) throws Exception {
    steps.step();
    clock.batch(timeMs, () -> RECORDS.set(rdd.count()));
  }
}
