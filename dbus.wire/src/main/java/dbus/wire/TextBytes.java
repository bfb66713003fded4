package dbus.wire;

import java.io.ByteArrayOutputStream;

/// `b'…'`: an array of bytes that is a text with one NUL, which ends it and is not written.
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

  static void print(byte[] bytes, StringBuilder out) {
    char quote = '\'';
    for (byte b : bytes) {
      quote = b == '\'' ? '"' : quote;
    }
    out.append('b').append(quote);
    for (int i = 0; i < bytes.length - 1; i++) {
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
  static byte[] parse(String body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < body.length(); i++) {
      char c = body.charAt(i);
      if (c != '\\') {
        out.writeBytes(Character.toString(c).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        continue;
      }
      c = body.charAt(++i);
      if (c >= '0' && c <= '7') {
        int end = i;
        while (end < body.length() && end < i + 3 && isOctal(body.charAt(end))) {
          end++;
        }
        out.write(Integer.parseInt(body, i, end, 8));
        i = end - 1;
      } else if (c != '\n') {
        int letter = TextEscapes.ofLetter(c);
        out.write(letter >= 0 ? letter : c);
      }
    }
    out.write(0);
    return out.toByteArray();
  }

  private static boolean isOctal(char c) {
    return c >= '0' && c <= '7';
  }
}
