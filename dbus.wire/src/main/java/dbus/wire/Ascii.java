package dbus.wire;

/// Writes text that is ASCII: names and paths, which are known to be, and strings as long as they
/// are.
final class Ascii {
  private Ascii() {}

  // Deprecated because it drops the high bytes of characters, of which these texts have none; it is
  // the only way to copy a string's bytes without allocating.
  @SuppressWarnings("deprecation")
  static void put(String text, byte[] out, int at) {
    text.getBytes(0, text.length(), out, at);
  }

  /// Writes the characters of a text up to the first that is U+0000 or beyond ASCII, and returns
  /// how many there were.
  static int putText(String text, byte[] out, int at) {
    int length = text.length();
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      // One comparison for both, since 0 becomes 0xffff.
      if ((char) (c - 1) >= 0x7f) {
        return i;
      }
      out[at + i] = (byte) c;
    }
    return length;
  }
}
