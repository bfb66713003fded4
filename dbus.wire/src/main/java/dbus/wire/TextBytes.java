package dbus.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// `b'…'`: an array of bytes that is a text with one NUL, which ends it and is not written. A NUL
/// inside, written `\000`, is kept on reading; GLib drops it and all behind it.
final class TextBytes {
  private TextBytes() {}

  /// Whether an array is bytes that end in their only NUL.
  static boolean isText(Value.Array array) {
    if (array.element() != BasicType.BYTE) {
      return false;
    }
    byte[] bytes = PackedItems.of(array, BasicType.BYTE).bytes();
    int nul = 0;
    while (nul < bytes.length && bytes[nul] != 0) {
      nul++;
    }
    return nul == bytes.length - 1;
  }

  /// Prints such an array, up to about so many characters in `out`.
  static void print(Value.Array array, StringBuilder out, int limit) {
    byte[] bytes = PackedItems.of(array, BasicType.BYTE).bytes();
    char quote = '\'';
    for (byte b : bytes) {
      quote = b == '\'' ? '"' : quote;
    }
    out.append('b').append(quote);
    for (int i = 0; i < bytes.length - 1 && out.length() < limit; i++) {
      int c = bytes[i] & 0xff;
      if (c == '\\' || c == '"') {
        out.append('\\').append((char) c);
      } else if (c >= ' ' && c < 0x7f) {
        out.append((char) c);
      } else if (c >= '\b' && c <= '\r') {
        out.append(TextEscapes.escape(c));
      } else {
        out.append(String.format("\\%03o", c));
      }
    }
    out.append(quote);
  }

  /// Reads what stands between the quotes.
  ///
  /// @throws IllegalArgumentException if half a character stands there, which has no bytes
  static byte[] parse(String body) {
    Utf8.requireEncodable(body);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int at = 0;
    while (at < body.length()) {
      int c = body.codePointAt(at);
      if (c != '\\') {
        out.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
        at += Character.charCount(c);
      } else if (isOctal(body.charAt(at + 1))) {
        int end = at + 1;
        while (end < body.length() && end < at + 4 && isOctal(body.charAt(end))) {
          end++;
        }
        out.write(Integer.parseInt(body, at + 1, end, 8));
        at = end;
      } else {
        escaped(body.codePointAt(at + 1), out);
        at += 1 + Character.charCount(body.codePointAt(at + 1));
      }
    }
    out.write(0);
    return out.toByteArray();
  }

  private static void escaped(int c, ByteArrayOutputStream out) {
    int letter = c < 0x80 ? TextEscapes.ofLetter((char) c) : -1;
    if (letter >= 0) {
      out.write(letter);
    } else if (c != '\n') {
      out.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
    }
  }

  private static boolean isOctal(char c) {
    return c >= '0' && c <= '7';
  }
}
