package dbus.wire;

/// UTF-8 as D-Bus has it: strict, and without NUL (WIRE-25, WIRE-26, WIRE-27).
final class Utf8 {
  private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
  private static final long ONES = 0x0101_0101_0101_0101L;

  private Utf8() {}

  /// The index of the first byte that does not belong to valid text without NUL, or -1.
  static int fault(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      // Eight bytes a step while all are ASCII: a byte of 0 borrows into its high bit, a byte of
      // 0x80 and above has it.
      while (at + Long.BYTES <= to) {
        if (!isAscii(Bytes.getLong(bytes, at, true))) {
          break;
        }
        at += Long.BYTES;
      }
      // The last few likewise, if there is anything behind them to make up eight.
      int left = to - at;
      if (left < Long.BYTES && at + Long.BYTES <= bytes.length) {
        long unused = -1L << (left << 3);
        long eight = Bytes.getLong(bytes, at, true);
        if (isAscii((eight & ~unused) | (ONES & unused))) {
          return -1;
        }
      }
      // Then one by one up to the next run of ASCII.
      int pause = Math.min(to, at + Long.BYTES);
      while (at < pause) {
        int length = sequence(bytes, at, to);
        if (length == 0) {
          return at;
        }
        at += length;
      }
    }
    return -1;
  }

  /// Whether all bytes are ASCII other than NUL; at least eight bytes stand before the first one.
  /// This is the answer for most texts, in few steps; about the others [#fault] knows.
  static boolean isAsciiText(byte[] bytes, int from, int to) {
    int at = from;
    int last = to - Long.BYTES;
    for (; at < last; at += Long.BYTES) {
      if (!isAscii(Bytes.getLong(bytes, at, true))) {
        return false;
      }
    }
    // The one to eight bytes that are left are the end of the last eight.
    int left = to - at;
    if (left == 0) {
      return true;
    }
    long used = -1L << ((Long.BYTES - left) << 3);
    return isAscii((Bytes.getLong(bytes, last, true) & used) | (ONES & ~used));
  }

  private static boolean isAscii(long eight) {
    return ((eight | (eight - ONES)) & HIGH_BITS) == 0;
  }

  /// The length of the character that begins at a place, or 0 if none does.
  private static int sequence(byte[] bytes, int at, int to) {
    int first = bytes[at];
    if (first > 0) {
      return 1;
    }
    int left = to - at;
    return switch (first & 0xf0) {
      // C0 and C1 would be overlong.
      case 0xc0, 0xd0 -> (first & 0xff) >= 0xc2 && left >= 2 && continues(bytes[at + 1]) ? 2 : 0;
      case 0xe0 -> {
        if (left < 3 || !continues(bytes[at + 1]) || !continues(bytes[at + 2])) {
          yield 0;
        }
        // The bits from 6 on: under 0x20 it is overlong, 0x360 to 0x37f are the surrogates.
        int top = (first & 0x0f) << 6 | payload(bytes[at + 1]);
        yield top >= 0x20 && (top < 0x360 || top > 0x37f) ? 3 : 0;
      }
      case 0xf0 -> {
        if (left < 4
            || !continues(bytes[at + 1])
            || !continues(bytes[at + 2])
            || !continues(bytes[at + 3])) {
          yield 0;
        }
        // The bits from 12 on: under 0x10 it is overlong, 0x10f is the last block of Unicode.
        // A first byte of F8 and above has a higher bit set than F4 has.
        int top = (first & 0x0f) << 6 | payload(bytes[at + 1]);
        yield top >= 0x10 && top <= 0x10f ? 4 : 0;
      }
      default -> 0;
    };
  }

  private static int payload(byte b) {
    return b & 0x3f;
  }

  private static boolean continues(byte b) {
    return (b & 0xc0) == 0x80;
  }

  static void requireEncodable(String text) {
    int length = text.length();
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c == 0 || Character.isSurrogate(c)) {
        i += requireCharacter(text, i) - 1;
      }
    }
  }

  /// How many bytes the text takes from a place on.
  static long length(String text, int from) {
    long bytes = 0;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        bytes += 1;
      } else if (c < 0x800) {
        bytes += 2;
      } else if (Character.isSurrogate(c)) {
        bytes += 4;
        i++;
      } else {
        bytes += 3;
      }
    }
    return bytes;
  }

  /// Writes text that is known to be encodable and returns the place behind it.
  static int encode(String text, int from, byte[] out, int at) {
    int to = at;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        out[to++] = (byte) c;
      } else if (c < 0x800) {
        out[to++] = (byte) (0xc0 | c >> 6);
        out[to++] = continuation(c);
      } else if (Character.isSurrogate(c)) {
        int point = Character.toCodePoint(c, text.charAt(++i));
        out[to++] = (byte) (0xf0 | point >> 18);
        out[to++] = continuation(point >> 12);
        out[to++] = continuation(point >> 6);
        out[to++] = continuation(point);
      } else {
        out[to++] = (byte) (0xe0 | c >> 12);
        out[to++] = continuation(c >> 6);
        out[to++] = continuation(c);
      }
    }
    return to;
  }

  private static byte continuation(int bits) {
    return (byte) (0x80 | (bits & 0x3f));
  }

  /// Checks a character that is 0 or a surrogate and returns how many chars it takes.
  private static int requireCharacter(String text, int at) {
    char c = text.charAt(at);
    if (c == 0) {
      throw new IllegalArgumentException(
          Excerpt.of(text) + ": a string has no U+0000 (at " + at + ")");
    }
    if (Character.isHighSurrogate(c)
        && at + 1 < text.length()
        && Character.isLowSurrogate(text.charAt(at + 1))) {
      return 2;
    }
    throw new IllegalArgumentException(
        Excerpt.of(text)
            + String.format(": the surrogate U+%04X lacks its pair (at ", (int) c)
            + at
            + ")");
  }
}
