package dbus.wire;

/// Checks marshalled values against their signature, without making objects of them (WIRE-36).
///
/// The check is one pass over the bytes. Its recursion is at most 64 deep, counted, not felt
/// (WIRE-23); its time is linear, because every element takes at least one byte (WIRE-35). What has
/// passed here is read by a [WireReader] without further looks at the bytes.
final class BodyValidator {
  /// For header fields that are not known: what they hold is ignored, and no index of a descriptor
  /// is wrong there (MSG-12).
  static final long ANY_UNIX_FD = 1L << 32;

  /// Where the first value may stand: so many bytes before it may be looked at.
  static final int FIRST = Long.BYTES;

  private final byte[] data;
  private final boolean little;
  private final long unixFds;

  /// One more than the highest index of a descriptor that was met.
  private long needed;

  /// Whether no text with characters beyond ASCII was met.
  private boolean ascii = true;

  /// A validator of one message.
  ///
  /// @param data the bytes, in which the message begins at a multiple of 8; eight bytes stand
  ///   before the first value
  /// @param unixFds how many descriptors the message declares, or [#ANY_UNIX_FD]
  BodyValidator(byte[] data, boolean little, long unixFds) {
    this.data = data;
    this.little = little;
    this.unixFds = unixFds;
  }

  /// Checks that the bytes hold exactly the values of the signature.
  void body(Signature signature, int from, int to) throws InvalidMessageException {
    int at = sequence(signature, 0, from, to, 0);
    if (at != to) {
      throw new InvalidMessageException(
          Violation.BODY_TOO_LONG,
          at,
          (to - at) + " bytes follow the last value of the signature " + signature);
    }
  }

  /// Whether all texts that were checked are ASCII.
  boolean isAscii() {
    return ascii;
  }

  /// How many descriptors the values that were checked need.
  int unixFds() {
    return (int) needed;
  }

  /// Checks a variant inside `depth` containers and returns the place behind it.
  int variant(int at, int end, int depth) throws InvalidMessageException {
    requireDepth(at, depth);
    // Nearly every variant holds one value of a basic type: a length of 1, the code, and NUL.
    if (end - at >= 3 && data[at] == 1 && data[at + 2] == 0) {
      byte code = data[at + 1];
      if (code == 's') {
        return string(padding(at + 3, 4, end), end);
      }
      if (Singles.isBasic(code)) {
        return basic(code, padding(at + 3, Signature.alignment(code), end), end);
      }
    }
    int length = signatureLength(at, end);
    Signature signature = signature(at + 1, length);
    if (!signature.isSingle()) {
      throw new InvalidMessageException(
          Violation.VARIANT_SIGNATURE,
          at,
          "a variant has exactly one complete type, not \"" + signature + "\"");
    }
    return sequence(signature, 0, at + length + 2, end, depth + 1);
  }

  /// Checks a SIGNATURE and returns it.
  Signature signatureAt(int at, int end) throws InvalidMessageException {
    return signature(at + 1, signatureLength(at, end));
  }

  /// Checks a STRING but for its text, and returns the text's length; the text begins at `at + 4`.
  int textLength(int at, int end) throws InvalidMessageException {
    require(at, 4, end);
    int length = readInt(at);
    // One more for the NUL. As a long: a length near 2^31 must not wrap around (SEC-31).
    require(at + 4, (length & 0xffff_ffffL) + 1, end);
    requireTerminator(at + 4 + length);
    return length;
  }

  int readInt(int at) {
    return Bytes.getInt(data, at, little);
  }

  /// Checks that the bytes up to the next multiple of the alignment are 0, and returns it.
  int padding(int at, int alignment, int end) throws InvalidMessageException {
    int aligned = Bytes.align(at, alignment);
    if (aligned != at) {
      require(at, aligned - at, end);
      // The padding is the end of the eight bytes before the aligned place; no value begins before
      // the 16th byte of a message.
      if (Bytes.getLong(data, aligned - 8, true) >>> ((8 - aligned + at) << 3) != 0) {
        throw badPadding(at);
      }
    }
    return aligned;
  }

  void require(int at, long size, int end) throws InvalidMessageException {
    if (size > end - at) {
      throw overrun(at, size, end);
    }
  }

  // What throws stands apart, so that what checks is small enough to be compiled into its caller.

  private InvalidMessageException badPadding(int from) {
    int at = from;
    while (data[at] == 0) {
      at++;
    }
    return new InvalidMessageException(
        Violation.PADDING, at, "padding is 0, not " + (data[at] & 0xff));
  }

  private static InvalidMessageException overrun(int at, long size, int end) {
    return new InvalidMessageException(
        Violation.OVERRUN,
        at,
        size + " bytes are needed, but " + (end - at) + " are left in what holds the value");
  }

  /// Checks one value after the other, from the type at `first` of the signature to the end of the
  /// struct, dict entry, or signature, and returns the place behind the last.
  private int sequence(Signature signature, int first, int from, int end, int depth)
      throws InvalidMessageException {
    byte[] codes = signature.codes;
    int at = from;
    for (int type = first; ; type = signature.next[type]) {
      byte code = codes[type];
      switch (code) {
        case 0, ')', '}' -> {
          return at;
        }
        case 's' -> at = string(padding(at, 4, end), end);
        case 'v' -> at = variant(at, end, depth);
        case 'a' -> at = array(signature, type + 1, padding(at, 4, end), end, depth);
        case '(', '{' -> {
          at = padding(at, 8, end);
          requireDepth(at, depth);
          at = sequence(signature, type + 1, at, end, depth + 1);
        }
        default -> at = basic(code, padding(at, Signature.alignment(code), end), end);
      }
    }
  }

  private int string(int at, int end) throws InvalidMessageException {
    int length = textLength(at, end);
    int to = at + 4 + length;
    if (!Utf8.isAsciiText(data, at + 4, to)) {
      requireUtf8(at + 4, length);
    }
    return to + 1;
  }

  /// Checks a value of a basic type other than STRING at its aligned place.
  private int basic(byte code, int at, int end) throws InvalidMessageException {
    int size = Signature.fixedSize(code);
    if (size != 0) {
      require(at, size, end);
      if (code == 'b') {
        requireBoolean(at);
      } else if (code == 'h') {
        requireUnixFd(at);
      }
      return at + size;
    }
    if (code == 'g') {
      return at + signatureAt(at, end).length() + 2;
    }
    int length = textLength(at, end);
    requireObjectPath(at + 4, length);
    return at + 5 + length;
  }

  private int array(Signature signature, int element, int from, int end, int depth)
      throws InvalidMessageException {
    requireDepth(from, depth);
    require(from, 4, end);
    int length = readInt(from);
    if (Integer.compareUnsigned(length, Ranges.MAX_ARRAY_LENGTH) > 0) {
      throw new InvalidMessageException(
          Violation.ARRAY_TOO_LONG,
          from,
          "an array has at most 67108864 bytes, not " + Integer.toUnsignedString(length));
    }
    byte code = signature.codes[element];
    int at = padding(from + 4, Signature.alignment(code), end);
    require(at, length, end);
    int arrayEnd = at + length;
    int size = Signature.fixedSize(code);
    if (size == 0) {
      return elements(signature, element, at, arrayEnd, depth + 1);
    }
    if ((length & (size - 1)) != 0) {
      throw new InvalidMessageException(
          Violation.ARRAY_LENGTH,
          from,
          "the length of an array of "
              + (char) code
              + " is a multiple of "
              + size
              + ", not "
              + length);
    }
    // All other bytes of a fixed-size type are a value, and need no look.
    if (code == 'b' || code == 'h') {
      for (; at < arrayEnd; at += size) {
        basic(code, at, arrayEnd);
      }
    }
    return arrayEnd;
  }

  private int elements(Signature signature, int element, int from, int end, int depth)
      throws InvalidMessageException {
    int at = from;
    byte code = signature.codes[element];
    switch (code) {
      case '(', '{' -> {
        while (at < end) {
          at = padding(at, 8, end);
          requireDepth(at, depth);
          at = sequence(signature, element + 1, at, end, depth + 1);
        }
      }
      case 's' -> {
        while (at < end) {
          at = string(padding(at, 4, end), end);
        }
      }
      case 'v' -> {
        while (at < end) {
          at = variant(at, end, depth);
        }
      }
      case 'a' -> {
        while (at < end) {
          at = array(signature, element + 1, padding(at, 4, end), end, depth);
        }
      }
      default -> {
        while (at < end) {
          at = basic(code, padding(at, Signature.alignment(code), end), end);
        }
      }
    }
    return at;
  }

  private int signatureLength(int at, int end) throws InvalidMessageException {
    require(at, 1, end);
    int length = data[at] & 0xff;
    require(at + 1, length + 1, end);
    requireTerminator(at + 1 + length);
    return length;
  }

  private Signature signature(int from, int length) throws InvalidMessageException {
    try {
      return Signature.parse(data, from, length);
    } catch (InvalidSignatureException e) {
      InvalidMessageException invalid =
          new InvalidMessageException(
              Violation.SIGNATURE, from + e.position(), String.valueOf(e.getMessage()));
      invalid.initCause(e);
      throw invalid;
    }
  }

  private void requireTerminator(int at) throws InvalidMessageException {
    if (data[at] != 0) {
      throw new InvalidMessageException(
          Violation.TERMINATOR, at, "a text ends in NUL, not in byte " + (data[at] & 0xff));
    }
  }

  private void requireUtf8(int from, int length) throws InvalidMessageException {
    ascii = false;
    int fault = Utf8.fault(data, from, from + length);
    if (fault >= 0) {
      throw new InvalidMessageException(
          Violation.UTF8,
          fault,
          "a string is UTF-8 without NUL, which byte " + (data[fault] & 0xff) + " breaks");
    }
  }

  void requireObjectPath(int from, int length) throws InvalidMessageException {
    int fault = NameGrammar.objectPath(data, from, from + length);
    if (fault != NameGrammar.VALID) {
      throw new InvalidMessageException(
          Violation.OBJECT_PATH,
          from + fault,
          "an object path is \"/\", or elements of A-Z a-z 0-9 _, each after a \"/\"");
    }
  }

  private void requireBoolean(int at) throws InvalidMessageException {
    int value = readInt(at);
    if ((value & ~1) != 0) {
      throw new InvalidMessageException(
          Violation.BOOLEAN, at, "a BOOLEAN is 0 or 1, not " + Integer.toUnsignedString(value));
    }
  }

  private void requireUnixFd(int at) throws InvalidMessageException {
    long index = readInt(at) & 0xffff_ffffL;
    if (index >= unixFds) {
      throw new InvalidMessageException(
          Violation.UNIX_FD_INDEX,
          at,
          "the message has " + unixFds + " file descriptors, index " + index + " is beyond");
    }
    needed = Math.max(needed, index + 1);
  }

  private static void requireDepth(int at, int depth) throws InvalidMessageException {
    if (depth >= Nesting.MAX_IN_VALUE) {
      throw new InvalidMessageException(
          Violation.TOO_DEEP, at, "at most 64 containers stand inside each other");
    }
  }
}
