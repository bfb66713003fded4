package dbus.wire;

import java.nio.charset.StandardCharsets;

/// The grammars of names and paths, over bytes, in linear time and without a stack (NAME-11). Each
/// check returns [#VALID] or the index of the first byte that is wrong.
final class NameGrammar {
  static final int VALID = -1;

  /// The longest bus, interface, member, or error name, in bytes.
  static final int MAX_LENGTH = 255;

  private static final int LETTER = 1;
  private static final int DIGIT = 2;
  private static final int UNDERSCORE = 4;
  private static final int HYPHEN = 8;

  private static final byte[] CLASSES = new byte[256];

  static {
    for (int c = 'a'; c <= 'z'; c++) {
      CLASSES[c] = LETTER;
      CLASSES[c - 'a' + 'A'] = LETTER;
    }
    for (int c = '0'; c <= '9'; c++) {
      CLASSES[c] = DIGIT;
    }
    CLASSES['_'] = UNDERSCORE;
    CLASSES['-'] = HYPHEN;
  }

  private NameGrammar() {}

  /// One check over bytes.
  @FunctionalInterface
  interface Check {
    int fault(byte[] text, int from, int to);
  }

  static boolean isValid(String text, Check check) {
    byte[] bytes = bytes(text);
    return check.fault(bytes, 0, bytes.length) == VALID;
  }

  static void require(String text, Check check, String what, String rule) {
    byte[] bytes = bytes(text);
    int fault = check.fault(bytes, 0, bytes.length);
    if (fault != VALID) {
      throw new IllegalArgumentException(
          Excerpt.of(text) + ": no " + what + "; " + rule + " (at " + fault + ")");
    }
  }

  static int interfaceName(byte[] text, int from, int to) {
    return elements(text, from, to, LETTER | UNDERSCORE, LETTER | DIGIT | UNDERSCORE);
  }

  static int memberName(byte[] text, int from, int to) {
    if (to - from > MAX_LENGTH) {
      return MAX_LENGTH;
    }
    int first = LETTER | UNDERSCORE;
    int rest = first | DIGIT;
    int allowed = first;
    for (int i = from; i < to; i++) {
      if ((CLASSES[text[i] & 0xff] & allowed) == 0) {
        return i - from;
      }
      allowed = rest;
    }
    return from == to ? 0 : VALID;
  }

  static int busName(byte[] text, int from, int to) {
    int rest = LETTER | DIGIT | UNDERSCORE | HYPHEN;
    if (from < to && text[from] == ':') {
      if (to - from > MAX_LENGTH) {
        return MAX_LENGTH;
      }
      int fault = elements(text, from + 1, to, rest, rest);
      return fault == VALID ? VALID : fault + 1;
    }
    return elements(text, from, to, LETTER | UNDERSCORE | HYPHEN, rest);
  }

  static int objectPath(byte[] text, int from, int to) {
    if (from == to || text[from] != '/') {
      return 0;
    }
    if (to - from == 1) {
      return VALID;
    }
    int allowed = LETTER | DIGIT | UNDERSCORE;
    boolean elementBegins = true;
    for (int i = from + 1; i < to; i++) {
      if ((CLASSES[text[i] & 0xff] & allowed) != 0) {
        elementBegins = false;
      } else if (text[i] == '/' && !elementBegins) {
        elementBegins = true;
      } else {
        return i - from;
      }
    }
    return elementBegins ? to - from - 1 : VALID;
  }

  static boolean isLetterOrDigit(byte c) {
    return (CLASSES[c & 0xff] & (LETTER | DIGIT)) != 0;
  }

  /// Two or more elements joined by dots; `first` are the classes of characters that may begin an
  /// element, `rest` those that may follow.
  private static int elements(byte[] text, int from, int to, int first, int rest) {
    if (to - from > MAX_LENGTH) {
      return MAX_LENGTH;
    }
    int allowed = first;
    boolean dotted = false;
    boolean elementBegins = true;
    for (int i = from; i < to; i++) {
      if ((CLASSES[text[i] & 0xff] & allowed) != 0) {
        allowed = rest;
        elementBegins = false;
      } else if (text[i] == '.' && !elementBegins) {
        allowed = first;
        dotted = true;
        elementBegins = true;
      } else {
        return i - from;
      }
    }
    return dotted && !elementBegins ? VALID : to - from;
  }

  /// Whatever is not Latin-1 becomes a question mark, which no name contains either.
  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
