import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** Apache Spark's side of the benchmark: {@code Main workload key=value…} prints one line with a sample. */
public final class Main {
  /** Workloads whose batches follow each other without a pause. */
  private static final Set<String> STEPPED =
      Set.of("streaming-word-count", "window", "yahoo", "mapWithState", "updateStateByKey");

  public static void main(String[] args) throws Exception {
    Map<String, String> parameters = new HashMap<>();
    for (int i = 1; i < args.length; i++) {
      int equals = args[i].indexOf('=');
      parameters.put(args[i].substring(0, equals), args[i].substring(equals + 1));
    }
    SparkConf conf = new SparkConf()
        .setMaster(parameters.getOrDefault("master", "local[2]"))
        .setAppName("bench " + args[0])
        .set("spark.ui.enabled", "false")
        .set("spark.driver.host", "localhost")
        .set("spark.driver.bindAddress", "127.0.0.1");
    if (parameters.containsKey("master")) {
      conf.set("spark.jars", parameters.get("jar"))
          .set("spark.executor.memory", "1g")
          .set("spark.executor.cores", "1")
          .set("spark.cores.max", "2");
    }
    // Blocks shorter than its batches of 100 ms: what one would set.
    if (args[0].equals("socket-latency")) conf.set("spark.streaming.blockInterval", "50ms");
    if (STEPPED.contains(args[0])) SteppedClock.configure(conf);
    Parameters given = new Parameters(parameters);
    if (args[0].equals("first-output")) {
      FirstOutput.run(conf, given);
      return;
    }
    JavaSparkContext sc = new JavaSparkContext(conf);
    sc.setLogLevel("ERROR");
    Sample sample = switch (args[0]) {
      case "word-count" -> WordCount.run(sc, given);
      case "grep" -> Grep.run(sc, given);
      case "range-count", "sort", "join", "distinct-keys" -> Numbers.run(sc, given, args[0]);
      case "streaming-word-count" -> StreamingWordCount.run(sc, given);
      case "window" -> WindowedWordCount.run(sc, given);
      case "yahoo" -> Yahoo.run(sc, given);
      case "socket-intake" -> Sockets.intake(sc, given);
      case "socket-latency" -> Sockets.latency(sc, given);
      case "mapWithState" -> KeyedState.run(sc, given, true);
      case "updateStateByKey" -> KeyedState.run(sc, given, false);
      case "tiny-batches" -> TinyBatches.run(sc, given);
      default -> throw new IllegalArgumentException("no workload " + args[0]);
    };
    System.out.println("@sample " + sample.toJson());
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }
}
