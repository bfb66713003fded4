package dbus.wire;

/// How characters that cannot be shown stand in a text.
final class TextEscapes {
  private static final String LETTERS = "abfnrtv";
  private static final String CHARACTERS = "\u0007\b\f\n\r\t\u000b";

  private TextEscapes() {}

  static String escape(int c) {
    int letter = CHARACTERS.indexOf(c);
    if (letter >= 0) {
      return "\\" + LETTERS.charAt(letter);
    }
    return c <= 0xffff ? String.format("\\u%04x", c) : String.format("\\U%08x", c);
  }

  /// The character that a letter behind a backslash stands for, or -1.
  static int ofLetter(char c) {
    int letter = LETTERS.indexOf(c);
    return letter >= 0 ? CHARACTERS.charAt(letter) : -1;
  }
}
