package dbus.wire;

/// A text that is no value in the GVariant text notation, or not of the type that was wanted. The
/// message says what was found, where, and what would be right.
public final class InvalidValueTextException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final int position;

  InvalidValueTextException(String text, int position, String problem) {
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
