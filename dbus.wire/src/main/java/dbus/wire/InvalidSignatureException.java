package dbus.wire;

/// A text is not a [Signature]. The message says what is wrong and where.
public final class InvalidSignatureException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final int position;

  InvalidSignatureException(String text, int position, String problem) {
    super(Excerpt.of(text) + ": " + problem + " (at " + position + ")");
    this.position = position;
  }

  /// Where the text goes wrong.
  ///
  /// @return an index into the text, from 0; its length if something is missing at the end
  public int position() {
    return position;
  }
}
