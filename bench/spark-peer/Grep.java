import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;

/** Counts the lines of a file that contain a word. */
final class Grep {
  static Sample run(JavaSparkContext sc, Parameters given) throws Exception {
    String path = given.text("path");
    String word = given.text("word");
    double lines = given.number("lines");
    return Repetition.measure(
        given,
        () -> sc.textFile(path).filter(line -> line.contains(word)).count() + " lines",
        seconds -> Map.of("linesPerSecond", lines / seconds));
  }
}
