import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Batches of lines cut from a file, used again in turn when the file is too short. */
final class Lines {
  static List<List<String>> batches(String path, int linesPerBatch) throws IOException {
    List<List<String>> batches = new ArrayList<>();
    try (Stream<String> lines = Files.lines(Path.of(path), StandardCharsets.UTF_8)) {
      List<String> batch = new ArrayList<>(linesPerBatch);
      for (String line : (Iterable<String>) lines::iterator) {
        batch.add(line);
        if (batch.size() < linesPerBatch) continue;
        batches.add(batch);
        batch = new ArrayList<>(linesPerBatch);
      }
    }
    return batches;
  }
}
