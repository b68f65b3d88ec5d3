import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.DoubleFunction;

/** Runs a body until it is warm, then a few times more, and gives the medians. */
final class Repetition {
  static Sample measure(Parameters given, Callable<String> body, DoubleFunction<Map<String, Double>> metrics)
      throws Exception {
    int warmUps = given.number("warmUps");
    int measured = given.number("measured");
    double[] wall = new double[measured];
    double[] cpu = new double[measured];
    double first = 0;
    String answer = null;
    for (int run = 0; run < warmUps + measured; run++) {
      Stopwatch stopwatch = new Stopwatch();
      answer = body.call();
      double wallSeconds = stopwatch.wallSeconds();
      if (run == 0) first = wallSeconds;
      if (run < warmUps) continue;
      wall[run - warmUps] = wallSeconds;
      cpu[run - warmUps] = stopwatch.cpuSeconds();
    }
    double seconds = median(wall);
    Map<String, Double> all = new LinkedHashMap<>(metrics.apply(seconds));
    all.put("firstSeconds", first);
    return new Sample(seconds, median(cpu), all, answer);
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** The value below which the share lies, by nearest rank. */
  static double percentile(double[] values, double share) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted.length == 0 ? Double.NaN : sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
  }
}
