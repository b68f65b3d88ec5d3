import org.apache.spark.SparkConf;
import org.apache.spark.streaming.Duration;
import org.apache.spark.streaming.Durations;
import org.apache.spark.streaming.api.java.JavaStreamingContext;
import org.apache.spark.util.ManualClock;

/**
 * Lets batches of one second follow each other without a pause: the clock of the stream stands still and is
 * moved by one interval whenever a batch begins, so that always just the next one is waiting.
 */
final class SteppedClock {
  static final Duration INTERVAL = Durations.seconds(1);
  private final ManualClock clock;

  private SteppedClock(ManualClock clock) {
    this.clock = clock;
  }

  static void configure(SparkConf conf) {
    conf.set("spark.streaming.clock", ManualClock.class.getName());
  }

  static SteppedClock of(JavaStreamingContext ssc) {
    return new SteppedClock((ManualClock) ssc.ssc().scheduler().clock());
  }

  void step() {
    clock.advance(INTERVAL.milliseconds());
  }
}
