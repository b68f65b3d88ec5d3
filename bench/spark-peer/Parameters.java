import java.util.Map;

/** The {@code key=value} arguments; asking for one that was not given is an error. */
record Parameters(Map<String, String> values) {
  String text(String key) {
    String value = values.get(key);
    if (value == null) throw new IllegalArgumentException("parameter " + key + " is missing");
    return value;
  }

  int number(String key) {
    return Integer.parseInt(text(key));
  }
}
