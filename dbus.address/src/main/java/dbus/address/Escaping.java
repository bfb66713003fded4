package dbus.address;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// The escaping of values. D-Bus Specification, "Server Addresses".
///
/// Reading and writing differ in one byte: a `*` is read bare, as the specification has it since
/// 0.38, but written as `%2a`, since older parsers refuse it.
final class Escaping {
  private static final HexFormat HEX = HexFormat.of();

  private static final boolean[] BARE = new boolean[128];

  static {
    for (char c : "-0123456789_/.\\*".toCharArray()) {
      BARE[c] = true;
    }
    for (char c = 'a'; c <= 'z'; c++) {
      BARE[c] = true;
      BARE[c - 'a' + 'A'] = true;
    }
  }

  private Escaping() {}

  /// Tells whether a character may stand for itself. Names of transports and keys consist of such
  /// characters only: nothing could escape another one there.
  static boolean isBare(char c) {
    return c < BARE.length && BARE[c];
  }

  /// The bytes of an escaped value that is a part of a text.
  ///
  /// @throws AddressException if it is malformed; it tells the position in the whole text
  static byte[] decode(String text, int from, int to) {
    int length = 0;
    for (int i = from; i < to; length++) {
      char c = text.charAt(i);
      if (c == '%') {
        checkEscape(text, i, to);
        i += 3;
      } else if (isBare(c)) {
        i++;
      } else {
        throw mustBeEscaped(text, i);
      }
    }
    byte[] bytes = new byte[length];
    for (int i = from, n = 0; n < length; n++) {
      char c = text.charAt(i);
      if (c == '%') {
        bytes[n] = (byte) HexFormat.fromHexDigits(text, i + 1, i + 3);
        i += 3;
      } else {
        bytes[n] = (byte) c;
        i++;
      }
    }
    return bytes;
  }

  private static void checkEscape(String text, int at, int to) {
    if (at + 3 > to
        || !HexFormat.isHexDigit(text.charAt(at + 1))
        || !HexFormat.isHexDigit(text.charAt(at + 2))) {
      throw new AddressException(
          AddressError.BAD_ADDRESS,
          text,
          at,
          "\"%\" without two hexadecimal digits",
          "write %25 for a percent sign");
    }
    if (text.charAt(at + 1) == '0' && text.charAt(at + 2) == '0') {
      throw new AddressException(
          AddressError.BAD_ADDRESS, text, at, "a NUL byte in a value", "leave it out");
    }
  }

  private static AddressException mustBeEscaped(String text, int at) {
    int codePoint = text.codePointAt(at);
    String character = Character.toString(codePoint);
    StringBuilder escaped = new StringBuilder();
    encode(character.getBytes(StandardCharsets.UTF_8), escaped);
    boolean isHalfPair = Character.getType(codePoint) == Character.SURROGATE;
    return new AddressException(
        AddressError.BAD_ADDRESS,
        text,
        at,
        "\"" + AddressException.excerpt(character) + "\" stands unescaped in a value",
        isHalfPair ? "leave it out, it is half of a character" : "write " + escaped);
  }

  /// Writes bytes so that every parser reads them.
  static void encode(byte[] bytes, StringBuilder to) {
    for (byte b : bytes) {
      if (b > 0 && b != '*' && BARE[b]) {
        to.append((char) b);
      } else {
        to.append('%');
        HEX.toHexDigits(to, b);
      }
    }
  }
}
