package dbus.wire;

import org.jspecify.annotations.Nullable;

/// Writes the header of a message: its length is foreseen and checked, then its bytes are put down
/// in one go, fields in ascending order of their codes (MSG-23). What the last header of the same
/// type said is not written anew, but copied: see [HeaderTemplate].
///
/// D-Bus Specification, "Message Format".
final class HeaderWriter {
  /// One more than the highest code of a type that can be sent.
  private static final int TYPES = MessageType.SIGNAL.code() + 1;

  private static final byte[] NO_BYTES = {};

  /// The last header of each type of message, by the type's code.
  private final @Nullable HeaderTemplate[] templates = new HeaderTemplate[TYPES];

  // What was foreseen; no template if the header is a new one.
  private @Nullable HeaderTemplate template;
  private int fieldsLength;
  private int messageLength;

  // Only while a header is being written.
  private byte[] data = NO_BYTES;
  private boolean little;
  private int start;
  private int pos;
  private int replySerialAt;
  private int unixFdsAt;

  /// Foresees the lengths of a message, and checks them.
  void measure(Header header, boolean little, Signature signature, int bodyLength) {
    HeaderTemplate last = templates[header.typeCode];
    if (last != null && last.fits(header, signature, little)) {
      template = last;
      setMessageLength(last.length() + (long) bodyLength);
    } else {
      template = null;
      fieldsLength = fieldsLength(header, signature);
      setMessageLength(FixedHeader.LENGTH + align(fieldsLength) + bodyLength);
    }
  }

  private void setMessageLength(long length) {
    if (length > MessageDecoder.MAX_MESSAGE_LENGTH) {
      throw new IllegalArgumentException("a message has at most 134217728 bytes, not " + length);
    }
    messageLength = (int) length;
  }

  private static int fieldsLength(Header header, Signature signature) {
    long length = afterText(0, text(header.path()));
    length = afterText(length, text(header.interfaceName()));
    length = afterText(length, text(header.member()));
    length = afterText(length, text(header.errorName()));
    length = header.replySerial == 0 ? length : align(length) + 8;
    length = afterText(length, text(header.destination()));
    length = afterText(length, text(header.sender()));
    // Code, "g" as the variant's signature, then the signature's length, text, and NUL.
    length = signature.isEmpty() ? length : align(length) + 4 + 1 + signature.length() + 1;
    length = header.unixFds == 0 ? length : align(length) + 8;
    if (length > Ranges.MAX_ARRAY_LENGTH) {
      throw new IllegalArgumentException(
          "header fields have at most 67108864 bytes, not " + length);
    }
    return (int) length;
  }

  /// How long the message is whose lengths were foreseen.
  int messageLength() {
    return messageLength;
  }

  /// Writes the header of the message whose lengths were foreseen, and returns where its body
  /// begins.
  int put(
      byte[] data,
      int start,
      Header header,
      int serial,
      boolean little,
      Signature signature,
      int bodyLength) {
    if (template != null) {
      return template.put(data, start, header, serial, bodyLength);
    }
    this.data = data;
    this.little = little;
    this.start = start;
    data[start] = (byte) (little ? 'l' : 'B');
    data[start + 1] = (byte) header.typeCode;
    data[start + 2] = (byte) MessageFlag.known(header.flags);
    data[start + 3] = 1;
    putInt(start + 4, bodyLength);
    putInt(start + 8, serial);
    putInt(start + 12, fieldsLength);
    pos = start + FixedHeader.LENGTH;
    putFields(header, signature);
    assert pos == start + FixedHeader.LENGTH + fieldsLength : "the length was foreseen wrongly";
    pad();
    keep(header, signature);
    this.data = NO_BYTES; // The encoder may let a large buffer go.
    return pos;
  }

  private void keep(Header header, Signature signature) {
    HeaderTemplate last = templates[header.typeCode];
    if (last == null) {
      last = new HeaderTemplate();
      templates[header.typeCode] = last;
    }
    last.keep(data, start, pos, header, signature, little, replySerialAt, unixFdsAt);
  }

  /// Fills in the length of a body that was written behind its header.
  static void putBodyLength(byte[] data, int start, int length) {
    Bytes.putInt(data, start + 4, length, data[start] == 'l');
  }

  private void putFields(Header header, Signature signature) {
    putText(HeaderField.PATH, text(header.path()));
    putText(HeaderField.INTERFACE, text(header.interfaceName()));
    putText(HeaderField.MEMBER, text(header.member()));
    putText(HeaderField.ERROR_NAME, text(header.errorName()));
    replySerialAt = putNumber(HeaderField.REPLY_SERIAL, header.replySerial);
    putText(HeaderField.DESTINATION, text(header.destination()));
    putText(HeaderField.SENDER, text(header.sender()));
    if (!signature.isEmpty()) {
      putField(HeaderField.SIGNATURE);
      data[pos] = (byte) signature.length();
      System.arraycopy(signature.codes, 0, data, pos + 1, signature.length() + 1);
      pos += 2 + signature.length();
    }
    unixFdsAt = putNumber(HeaderField.UNIX_FDS, header.unixFds);
  }

  private void putText(int code, @Nullable String text) {
    if (text == null) {
      return;
    }
    putField(code);
    putInt(pos, text.length());
    Ascii.put(text, data, pos + 4);
    data[pos + 4 + text.length()] = 0;
    pos += 5 + text.length();
  }

  /// Writes a number that is not 0 and returns how far behind the start it stands, or else 0.
  private int putNumber(int code, int number) {
    if (number == 0) {
      return 0;
    }
    putField(code);
    putInt(pos, number);
    pos += 4;
    return pos - 4 - start;
  }

  /// Writes the code of a field and the signature of its variant.
  private void putField(int code) {
    pad();
    data[pos] = (byte) code;
    data[pos + 1] = 1;
    data[pos + 2] = (byte) HeaderField.type(code);
    data[pos + 3] = 0;
    pos += 4;
  }

  /// Writes zeros up to a multiple of 8 from the start of the message.
  private void pad() {
    int aligned = start + (int) align(pos - start);
    while (pos < aligned) {
      data[pos++] = 0;
    }
  }

  private void putInt(int at, int value) {
    Bytes.putInt(data, at, value, little);
  }

  /// Where a field of text ends. Code, variant's signature, length, text, and NUL.
  private static long afterText(long length, @Nullable String text) {
    return text == null ? length : align(length) + 4 + 4 + text.length() + 1;
  }

  private static long align(long length) {
    return (length + 7) & -8;
  }

  private static @Nullable String text(@Nullable ObjectPath path) {
    return path == null ? null : path.value();
  }

  private static @Nullable String text(@Nullable InterfaceName name) {
    return name == null ? null : name.value();
  }

  private static @Nullable String text(@Nullable MemberName name) {
    return name == null ? null : name.value();
  }

  private static @Nullable String text(@Nullable ErrorName name) {
    return name == null ? null : name.value();
  }

  private static @Nullable String text(@Nullable BusName name) {
    return name == null ? null : name.value();
  }
}
