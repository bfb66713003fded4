package dbus.connection.introspection;

/// A text is not introspection data.
public final class InvalidIntrospectionException extends Exception {

  private static final long serialVersionUID = 1;

  /// The longest text that is read, in characters: 4 Mi. What libraries and daemons describe has at
  /// most some hundred thousand.
  public static final int MAX_LENGTH = 4 << 20;

  /// How deep nodes may be nested in one text. Services mostly give the names of their children
  /// alone, a depth of two.
  public static final int MAX_DEPTH = 64;

  private final int line;

  InvalidIntrospectionException(int line, String what) {
    super("line %s: %s".formatted(line, what));
    this.line = line;
  }

  /// Where it is wrong, from 1.
  public int line() {
    return line;
  }
}
