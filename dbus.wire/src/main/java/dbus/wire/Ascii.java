package dbus.wire;

/// Writes text that is ASCII: names and paths, which are known to be, and strings as long as they
/// are.
final class Ascii {
  /// So many characters are looked at and written one by one: a copy of them costs more.
  private static final int FEW = 20;

  /// So many are looked at before they are copied.
  private static final int MANY = 256;

  private Ascii() {}

  // Deprecated because it makes characters of bytes, which is what they are here. Unlike the
  // constructors that take a charset, it is short enough to be compiled into its caller.
  @SuppressWarnings("deprecation")
  static String get(byte[] data, int from, int length) {
    return new String(data, 0, from, length);
  }

  static void put(String text, byte[] out, int at) {
    copy(text, 0, text.length(), out, at);
  }

  // Deprecated because it drops the high bytes of characters, of which these texts have none; it is
  // the only way to copy a string's bytes without allocating.
  @SuppressWarnings("deprecation")
  private static void copy(String text, int from, int to, byte[] out, int at) {
    text.getBytes(from, to, out, at);
  }

  /// Writes the characters of a text up to the first that is U+0000 or beyond ASCII, and returns
  /// how many there were. What stands behind them is not written yet, whatever it is.
  static int putText(String text, byte[] out, int at) {
    return text.length() > FEW ? putMany(text, out, at) : putEach(text, 0, out, at);
  }

  private static int putEach(String text, int from, byte[] out, int at) {
    int length = text.length();
    for (int i = from; i < length; i++) {
      char c = text.charAt(i);
      // One comparison for both, since 0 becomes 0xffff.
      if ((char) (c - 1) >= 0x7f) {
        return i;
      }
      out[at + i] = (byte) c;
    }
    return length;
  }

  private static int putMany(String text, byte[] out, int at) {
    int length = text.length();
    int from = 0;
    while (from < length) {
      int to = Math.min(length, from + MANY);
      if (!isText(text, from, to)) {
        return putEach(text, from, out, at);
      }
      copy(text, from, to, out, at + from);
      from = to;
    }
    return length;
  }

  /// Whether some characters are ASCII other than U+0000. There is no way out of the loop, so that
  /// the compiler unrolls it.
  private static boolean isText(String text, int from, int to) {
    int bits = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      bits |= c | (c - 1);
    }
    return (bits & ~0x7f) == 0;
  }
}
