package dbus.wire;

/// Writes text that is known to be ASCII: names, paths.
final class Ascii {
  private Ascii() {}

  // Deprecated because it drops the high bytes of characters, of which these texts have none; it is
  // the only way to copy a string's bytes without allocating.
  @SuppressWarnings("deprecation")
  static void put(String text, byte[] out, int at) {
    text.getBytes(0, text.length(), out, at);
  }
}
