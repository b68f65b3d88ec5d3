import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Tuple2;

/** Counting, sorting, joining and aggregating the numbers of a range. */
final class Numbers {
  static Sample run(JavaSparkContext sc, Parameters given, String workload) throws Exception {
    long numbers = given.number("numbers");
    Callable<String> body = switch (workload) {
      case "range-count" -> () -> range(sc, numbers).count() + " numbers";
      case "sort" -> () -> sort(sc, numbers);
      case "join" -> () -> scattered(sc, numbers, 7919).join(scattered(sc, numbers, 104_729)).count() + " pairs";
      case "distinct-keys" -> () -> range(sc, numbers)
          .mapToPair(n -> new Tuple2<>(n * 7919 % numbers, 1))
          .reduceByKey(Integer::sum)
          .count() + " keys";
      default -> throw new IllegalArgumentException("no workload " + workload);
    };
    return Repetition.measure(given, body, seconds -> Map.of("numbersPerSecond", numbers / seconds));
  }

  private static JavaRDD<Long> range(JavaSparkContext sc, long numbers) {
    return sc.sc().range(0, numbers, 1, sc.defaultParallelism()).toJavaRDD().map(n -> (Long) n);
  }

  private static JavaPairRDD<Long, Long> scattered(JavaSparkContext sc, long numbers, long multiplier) {
    return range(sc, numbers).mapToPair(n -> new Tuple2<>(n * multiplier % numbers, n));
  }

  private static String sort(JavaSparkContext sc, long numbers) {
    long[] totals = range(sc, numbers)
        .map(n -> n * 1_000_003 % 4_294_967_291L)
        .sortBy(n -> n, true, sc.defaultParallelism())
        .mapPartitions(part -> {
          long[] counts = new long[2];
          long before = Long.MIN_VALUE;
          while (part.hasNext()) {
            long n = part.next();
            if (n < before) counts[1]++;
            before = n;
            counts[0]++;
          }
          return List.of(counts).iterator();
        })
        .reduce((a, b) -> new long[] {a[0] + b[0], a[1] + b[1]});
    return totals[0] + " numbers, " + totals[1] + " out of order";
  }
}
