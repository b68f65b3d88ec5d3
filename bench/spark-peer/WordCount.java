import java.util.Arrays;
import java.util.Map;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Tuple2;

/** Counts the words of a file; the answer is how many there are and how many different ones. */
final class WordCount {
  static Sample run(JavaSparkContext sc, Parameters given) throws Exception {
    String path = given.text("path");
    double words = given.number("words");
    return Repetition.measure(
        given,
        () -> {
          Tuple2<Long, Long> totals = counts(sc.textFile(path))
              .map(pair -> new Tuple2<>((long) pair._2(), 1L))
              .reduce((a, b) -> new Tuple2<>(a._1() + b._1(), a._2() + b._2()));
          return totals._1() + " words, " + totals._2() + " different";
        },
        seconds -> Map.of("wordsPerSecond", words / seconds));
  }

  static JavaPairRDD<String, Integer> counts(JavaRDD<String> lines) {
    return lines
        .flatMap(line -> Arrays.asList(line.split(" ")).iterator())
        .mapToPair(word -> new Tuple2<>(word, 1))
        .reduceByKey(Integer::sum);
  }
}
