package dbus.wire;

/// Bytes that are not a valid message. The message of this exception says what was found, where,
/// and what would be right; it never quotes more than a few bytes of the input.
public final class InvalidMessageException extends Exception {
  private static final long serialVersionUID = 1;

  private final Violation violation;
  private final int offset;
  private final String problem;

  InvalidMessageException(Violation violation, int offset, String problem) {
    super(problem + " (" + violation + " at byte " + offset + " of the message)");
    this.violation = violation;
    this.offset = offset;
    this.problem = problem;
  }

  /// The same of a message that begins at a place of an array, from where this was counted.
  InvalidMessageException from(int start) {
    if (start == 0) {
      return this;
    }
    InvalidMessageException moved = new InvalidMessageException(violation, offset - start, problem);
    moved.initCause(getCause());
    return moved;
  }

  /// The rule that was broken.
  ///
  /// @return the first one, in the order of the bytes as far as there is one
  public Violation violation() {
    return violation;
  }

  /// Where it was broken.
  ///
  /// @return bytes from the start of the message
  public int offset() {
    return offset;
  }
}
