package dbus.connection;

/// The text of an error reply, made fit for the wire.
final class ErrorText {

  private ErrorText() {}

  /// The exception's message; a bare exception has none, and its class is no business of the
  /// peer's.
  static String of(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? "the method failed" : message;
  }

  /// Without what a D-Bus string cannot hold: NUL, and surrogates that stand alone.
  static String clean(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints()
        .map(c ->
            c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) ? 0xFFFD : c)
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }
}
