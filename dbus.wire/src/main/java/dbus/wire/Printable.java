package dbus.wire;

/// Text that somebody else wrote, made fit for a terminal or a log: on one line, without characters
/// that control something, and no longer than it may be. The texts of errors and the strings in
/// messages come from a peer, who may have put anything into them.
///
/// ```java
/// log(Printable.of(error.text().orElse(""), 200));
/// ```
public final class Printable {
  private static final int REPLACEMENT = 0xfffd;

  private Printable() {}

  /// A text as it can be shown.
  ///
  /// @param text any text
  /// @param longest how much of it is shown, in characters (Unicode code points)
  /// @return the text, with U+FFFD for each character that is not shown, and `…` for what was cut
  ///   off
  public static String of(String text, int longest) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .limit(longest)
        .forEach(c -> shown.appendCodePoint(isShown(c) ? c : REPLACEMENT));
    return text.codePointCount(0, text.length()) > longest ? shown + "…" : shown.toString();
  }

  /// Whether a character can be shown as it is; the same as `g_unichar_isprint`, but for the two
  /// characters that end a line.
  ///
  /// @param codePoint a character
  /// @return false for one that controls something, ends a line, is half of a pair, or is
  ///   unassigned
  public static boolean isShown(int codePoint) {
    return switch (Character.getType(codePoint)) {
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
