package dbus.wire;

/// The arguments of a message are well-formed, but not of the types that were asked for. The
/// message says both. A server answers such a call with [ErrorName#INVALID_ARGS].
public final class SignatureMismatchException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Signature expected;
  private final transient Signature actual;

  /// Names what was expected and what came.
  ///
  /// @param expected the signature that was asked for
  /// @param actual the signature of the arguments
  public SignatureMismatchException(Signature expected, Signature actual) {
    super("the arguments have the signature \"" + actual + "\", not \"" + expected + "\"");
    this.expected = expected;
    this.actual = actual;
  }

  /// What was asked for.
  ///
  /// @return a signature
  public Signature expected() {
    return expected;
  }

  /// What the arguments have.
  ///
  /// @return a signature
  public Signature actual() {
    return actual;
  }
}
