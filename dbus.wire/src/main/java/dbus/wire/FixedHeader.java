package dbus.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The first 16 bytes of a message, checked. They tell how long it is (MSG-01, MSG-02).
record FixedHeader(
    boolean little, int type, int flags, int bodyLength, int serial, int fieldsLength) {
  /// Reads and checks the 16 bytes at a place of an array.
  static FixedHeader read(byte[] bytes, int at, int maxMessageLength)
      throws InvalidMessageException {
    return read(ByteBuffer.wrap(bytes), at, maxMessageLength);
  }

  /// Reads and checks 16 bytes; lengths are added up in 64 bits.
  static FixedHeader read(ByteBuffer bytes, int at, int maxMessageLength)
      throws InvalidMessageException {
    boolean little =
        switch (bytes.get(at)) {
          case 'l' -> true;
          case 'B' -> false;
          default ->
              throw new InvalidMessageException(
                  Violation.BYTE_ORDER,
                  0,
                  "a message begins with l or B, not with byte " + (bytes.get(at) & 0xff));
        };
    int type = bytes.get(at + 1) & 0xff;
    if (type == 0) {
      throw new InvalidMessageException(Violation.MESSAGE_TYPE, 1, "the message type is not 0");
    }
    int version = bytes.get(at + 3) & 0xff;
    if (version != 1) {
      throw new InvalidMessageException(
          Violation.PROTOCOL_VERSION, 3, "the protocol version is 1, not " + version);
    }
    int bodyLength = readInt(bytes, at + 4, little);
    int serial = readInt(bytes, at + 8, little);
    if (serial == 0) {
      throw new InvalidMessageException(
          Violation.SERIAL_ZERO, 8, "the serial of a message is not 0");
    }
    int fieldsLength = readInt(bytes, at + 12, little);
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
    return new FixedHeader(
        little, type, bytes.get(at + 2) & 0xff, bodyLength, serial, fieldsLength);
  }

  /// The length of the whole message.
  int messageLength() {
    return (int) length(bodyLength, fieldsLength);
  }

  private static long length(long bodyLength, long fieldsLength) {
    return MessageParser.FIXED_LENGTH + ((fieldsLength + 7) & -8) + bodyLength;
  }

  private static int readInt(ByteBuffer bytes, int at, boolean little) {
    int value = bytes.getInt(at);
    return little == (bytes.order() == ByteOrder.LITTLE_ENDIAN)
        ? value
        : Integer.reverseBytes(value);
  }
}
