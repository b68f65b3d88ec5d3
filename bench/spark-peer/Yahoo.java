import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.streaming.Duration;
import org.apache.spark.streaming.api.java.JavaStreamingContext;
import scala.Tuple2;

/** The Yahoo streaming benchmark: views per campaign in a window of ten batches, from JSON events in memory. */
final class Yahoo {
  private static final int WINDOW_BATCHES = 10;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  static Sample run(JavaSparkContext sc, Parameters given) throws Exception {
    int eventsPerBatch = given.number("eventsPerBatch");
    int warmUps = given.number("warmUpBatches");
    int batches = given.number("batches");
    Duration interval = SteppedClock.INTERVAL;
    List<JavaRDD<String>> inputs = new ArrayList<>();
    for (List<String> lines : Lines.batches(given.text("path"), eventsPerBatch)) {
      inputs.add(sc.parallelize(lines, 2));
    }
    Queue<JavaRDD<String>> queue = new ArrayDeque<>();
    for (int i = 0; i < warmUps + batches; i++) queue.add(inputs.get(i % inputs.size()));
    Broadcast<Map<String, String>> campaignOf = sc.broadcast(campaigns(given.text("campaigns")));
    JavaStreamingContext ssc = new JavaStreamingContext(sc, interval);
    SteppedClock steps = SteppedClock.of(ssc);
    BatchClock clock = new BatchClock(warmUps, batches);
    AtomicLong views = new AtomicLong();
    ssc.queueStream(queue)
        .map(Yahoo::parsed)
        .filter(event -> event.get("event_type").asText().equals("view"))
        .mapToPair(event -> new Tuple2<>(event.get("ad_id").asText(), event.get("event_time").asText()))
        .mapToPair(ad -> new Tuple2<>(campaignOf.value().getOrDefault(ad._1(), "none"), 1))
        .reduceByKeyAndWindow(Integer::sum, interval.times(WINDOW_BATCHES))
        .foreachRDD((rdd, time) -> {
          steps.step();
          clock.batch(time.milliseconds(), () -> views.set(rdd.values().fold(0, Integer::sum)));
        });
    ssc.start();
    steps.step();
    clock.await();
    double seconds = clock.wallSeconds();
    return new Sample(
        seconds,
        clock.cpuSeconds(),
        Map.of(
            "eventsPerSecond", (double) eventsPerBatch * batches / seconds,
            "batchP50Ms", Repetition.percentile(clock.processing(), 0.5)),
        views + " views in the last window");
  }

  private static JsonNode parsed(String line) throws Exception {
    return MAPPER.readTree(line);
  }

  private static Map<String, String> campaigns(String path) throws Exception {
    Map<String, String> campaignOf = new HashMap<>();
    for (String line : Files.readAllLines(Path.of(path))) {
      String[] parts = line.split(" ");
      campaignOf.put(parts[0], parts[1]);
    }
    return campaignOf;
  }
}
