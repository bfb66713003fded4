package dbus.connection;

/// The text of an error reply, made fit for the wire.
final class ErrorText {

  /// Of exceptions that say nothing, or nothing that is a peer's business.
  static final String SILENT = "the method failed";

  private ErrorText() {}

  /// The exception's message, unless it is one that names classes.
  static String of(Throwable failure) {
    String message = failure.getMessage();
    if (message == null || isWrittenByTheJvm(failure)) {
      return SILENT;
    }
    Throwable cause = failure.getCause();
    // That is what an exception says which was given a cause and no message.
    return cause != null && message.equals(cause.toString()) ? of(cause) : message;
  }

  /// Messages of these are about the code, its classes and its fields.
  private static boolean isWrittenByTheJvm(Throwable failure) {
    return failure instanceof Error
        || failure instanceof NullPointerException
        || failure instanceof ClassCastException
        || failure instanceof ArrayStoreException;
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
