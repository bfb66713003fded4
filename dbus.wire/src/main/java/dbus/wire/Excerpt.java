package dbus.wire;

/// Text from somewhere else made fit to stand in an error message or a log: quoted, on one line, at
/// most 80 characters of it.
final class Excerpt {
  private static final int MAX = 80;

  private Excerpt() {}

  static String of(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < Math.min(text.length(), MAX); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c >= ' ' && c < 0x7f) {
        out.append(c);
      } else {
        out.append(String.format("\\u%04x", (int) c));
      }
    }
    return text.length() > MAX
        ? out.append("…\" (").append(text.length()).append(" characters)").toString()
        : out.append('"').toString();
  }
}
