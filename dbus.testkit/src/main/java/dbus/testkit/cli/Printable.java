package dbus.testkit.cli;

/// Text from somewhere else made fit for a terminal: on one line, no control characters, and not
/// longer than it may be.
final class Printable {

  /// What a mistake takes to be explained.
  private static final int SHORT = 200;

  /// Of what somebody asked to see, such as the text of an error.
  static final int LONG = 4096;

  private Printable() {}

  static String of(String text) {
    return of(text, SHORT);
  }

  /// @param longest in characters
  static String of(String text, int longest) {
    StringBuilder shown = new StringBuilder();
    text.codePoints().limit(longest).forEach(c -> shown.appendCodePoint(isShown(c) ? c : 0xFFFD));
    return text.codePointCount(0, text.length()) > longest ? shown + "…" : shown.toString();
  }

  private static boolean isShown(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.UNASSIGNED,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
