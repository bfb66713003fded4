package dbus.wire;

/// The first 16 bytes of a message, checked. They tell how long it is (MSG-01, MSG-02).
record FixedHeader(
    boolean little, int type, int flags, int bodyLength, int serial, int fieldsLength) {
  /// How many they are.
  static final int LENGTH = 16;

  /// Reads and checks the 16 bytes at a place of an array; lengths are added up in 64 bits.
  static FixedHeader read(byte[] bytes, int at, int maxMessageLength)
      throws InvalidMessageException {
    boolean little =
        switch (bytes[at]) {
          case 'l' -> true;
          case 'B' -> false;
          default ->
              throw new InvalidMessageException(
                  Violation.BYTE_ORDER,
                  0,
                  "a message begins with l or B, not with byte " + (bytes[at] & 0xff));
        };
    int type = bytes[at + 1] & 0xff;
    if (type == 0) {
      throw new InvalidMessageException(Violation.MESSAGE_TYPE, 1, "the message type is not 0");
    }
    int version = bytes[at + 3] & 0xff;
    if (version != 1) {
      throw new InvalidMessageException(
          Violation.PROTOCOL_VERSION, 3, "the protocol version is 1, not " + version);
    }
    int bodyLength = Bytes.getInt(bytes, at + 4, little);
    int serial = Bytes.getInt(bytes, at + 8, little);
    if (serial == 0) {
      throw new InvalidMessageException(
          Violation.SERIAL_ZERO, 8, "the serial of a message is not 0");
    }
    int fieldsLength = Bytes.getInt(bytes, at + 12, little);
    if (Integer.compareUnsigned(fieldsLength, Ranges.MAX_ARRAY_LENGTH) > 0) {
      throw new InvalidMessageException(
          Violation.HEADER_TOO_LONG,
          12,
          "header fields have at most 67108864 bytes, not "
              + Integer.toUnsignedString(fieldsLength));
    }
    long length = length(bodyLength & 0xffff_ffffL, fieldsLength);
    if (length > maxMessageLength) {
      throw new InvalidMessageException(
          Violation.MESSAGE_TOO_LONG,
          4,
          "a message has at most " + maxMessageLength + " bytes here, not " + length);
    }
    return new FixedHeader(little, type, bytes[at + 2] & 0xff, bodyLength, serial, fieldsLength);
  }

  /// The length of the whole message.
  int messageLength() {
    return (int) length(bodyLength, fieldsLength);
  }

  /// Where the body begins, behind the fields and what pads them.
  int bodyAt() {
    return LENGTH + ((fieldsLength + 7) & -8);
  }

  private static long length(long bodyLength, long fieldsLength) {
    return LENGTH + ((fieldsLength + 7) & -8) + bodyLength;
  }
}
