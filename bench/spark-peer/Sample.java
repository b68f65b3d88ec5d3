import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** One measurement, in the form the harness reads. */
record Sample(double wallSeconds, double cpuSeconds, Map<String, Double> metrics, String answer) {
  String toJson() {
    StringJoiner named = new StringJoiner(",", "{", "}");
    metrics.forEach((name, value) -> named.add("\"" + name + "\":" + number(value)));
    return "{\"wallSeconds\":" + number(wallSeconds) + ",\"cpuSeconds\":" + number(cpuSeconds)
        + ",\"metrics\":" + named + (answer == null ? "" : ",\"answer\":\"" + answer + "\"") + "}";
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.6f", value);
  }
}
