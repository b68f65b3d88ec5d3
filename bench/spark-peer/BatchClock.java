import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Notes when the output operation of each batch began and ended, and when enough batches are through. */
final class BatchClock {
  private static final long NANO_ORIGIN = System.nanoTime();
  private static final double MS_ORIGIN = System.currentTimeMillis();

  /** How many times the warm-up may be prolonged until the backlog it caused has been worked off. */
  private static final int MAX_WARM_UP = 4;

  private final int warmUps;
  private final int expected;
  private final double punctualMs;
  private final CountDownLatch finished = new CountDownLatch(1);
  private final List<Double> startDelays = new ArrayList<>();
  private final List<Double> processing = new ArrayList<>();
  private final List<Double> totals = new ArrayList<>();
  private int warmUpBatches;
  private Stopwatch stopwatch;
  private double wallSeconds;
  private double cpuSeconds;

  BatchClock(int warmUps, int expected) {
    this(warmUps, expected, Double.POSITIVE_INFINITY);
  }

  /**
   * Measures {@code expected} batches once {@code warmUps} batches are through and one begins no later than
   * {@code punctualMs} after its time.
   */
  BatchClock(int warmUps, int expected, double punctualMs) {
    this.warmUps = warmUps;
    this.expected = expected;
    this.punctualMs = punctualMs;
  }

  interface Body {
    void run() throws Exception;
  }

  /** Milliseconds since the epoch, finer than the system clock shows them. */
  static double now() {
    return MS_ORIGIN + (System.nanoTime() - NANO_ORIGIN) / 1e6;
  }

  void batch(long batchTime, Body body) throws Exception {
    if (totals.size() == expected) return;
    double start = now();
    if (stopwatch == null && isWarm(start - batchTime)) stopwatch = new Stopwatch();
    body.run();
    double end = now();
    if (stopwatch == null) {
      warmUpBatches += 1;
      return;
    }
    startDelays.add(start - batchTime);
    processing.add(end - start);
    totals.add(end - batchTime);
    if (totals.size() < expected) return;
    wallSeconds = stopwatch.wallSeconds();
    cpuSeconds = stopwatch.cpuSeconds();
    finished.countDown();
  }

  private boolean isWarm(double startDelay) {
    if (warmUpBatches < warmUps) return false;
    return startDelay <= punctualMs || warmUpBatches >= warmUps * MAX_WARM_UP;
  }

  void await() throws InterruptedException {
    finished.await();
  }

  double wallSeconds() {
    return wallSeconds;
  }

  double cpuSeconds() {
    return cpuSeconds;
  }

  double[] startDelays() {
    return toArray(startDelays);
  }

  double[] processing() {
    return toArray(processing);
  }

  double[] totals() {
    return toArray(totals);
  }

  private static double[] toArray(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
