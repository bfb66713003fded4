package dbus.wire;

import org.jspecify.annotations.Nullable;

/// Locates and checks the fields of a message's header.
///
/// D-Bus Specification, "Header Fields".
final class HeaderParser {
  /// The array of header fields, the struct, and the variant around the value of a field.
  private static final int FIELD_VALUE_DEPTH = 2;

  private final byte[] data;
  private final int start;
  private final Header header;
  private final int fieldsEnd;

  /// The fields seen so far, a bit for each code.
  private int seen;

  private final BodyValidator validator;

  HeaderParser(byte[] data, int start, FixedHeader fixed) {
    this.data = data;
    this.start = start;
    this.header = new Header(fixed.type());
    this.fieldsEnd = start + FixedHeader.LENGTH + fixed.fieldsLength();
    // An unknown field may hold any index: nobody looks there for a descriptor.
    this.validator = new BodyValidator(data, fixed.little(), BodyValidator.ANY_UNIX_FD);
    header.receive(data, start, fixed);
  }

  /// The header of a message, without a look at its body.
  Header parse() throws InvalidMessageException {
    fields();
    requireFields();
    return header;
  }

  private void fields() throws InvalidMessageException {
    int at = start + FixedHeader.LENGTH;
    while (at < fieldsEnd) {
      at = field(validator.padding(at, 8, fieldsEnd));
    }
    validator.padding(at, 8, header.bodyAt);
  }

  private int field(int at) throws InvalidMessageException {
    validator.require(at, 1, fieldsEnd);
    int code = data[at] & 0xff;
    if (code == 0) {
      throw new InvalidMessageException(
          Violation.FIELD_CODE_ZERO, at, "the code of a header field is not 0");
    }
    if (code > HeaderField.LAST) {
      return validator.variant(at + 1, fieldsEnd, FIELD_VALUE_DEPTH);
    }
    requireType(code, at + 1);
    if ((seen & 1 << code) != 0) {
      throw new InvalidMessageException(
          Violation.FIELD_TWICE,
          at,
          "a header field occurs once, " + HeaderField.name(code) + " occurs twice");
    }
    seen |= 1 << code;
    return value(code, at + 4);
  }

  private void requireType(int code, int at) throws InvalidMessageException {
    // What nearly every field looks like: one type, the right one, and NUL.
    if (fieldsEnd - at >= 3
        && data[at] == 1
        && data[at + 1] == HeaderField.type(code)
        && data[at + 2] == 0) {
      return;
    }
    Signature signature = validator.signatureAt(at, fieldsEnd);
    if (signature.length() != 1 || signature.codes[0] != HeaderField.type(code)) {
      throw new InvalidMessageException(
          Violation.FIELD_TYPE,
          at,
          "the header field "
              + HeaderField.name(code)
              + " is of type "
              + HeaderField.type(code)
              + ", not \""
              + signature
              + "\"");
    }
  }

  /// Reads the value of a known field, which is always aligned here, and returns the place behind
  /// it.
  private int value(int code, int at) throws InvalidMessageException {
    return switch (code) {
      case HeaderField.REPLY_SERIAL -> {
        int serial = number(at);
        if (serial == 0) {
          throw new InvalidMessageException(
              Violation.REPLY_SERIAL_ZERO, at, "the serial of an answered call is not 0");
        }
        if (mayAnswer()) {
          header.replySerial = serial;
        }
        yield at + 4;
      }
      case HeaderField.UNIX_FDS -> {
        header.unixFds = number(at);
        if (Integer.compareUnsigned(header.unixFds, Ranges.MAX_UNIX_FDS) > 0) {
          throw new InvalidMessageException(
              Violation.TOO_MANY_UNIX_FDS,
              at,
              "a message has at most 253 file descriptors, not "
                  + Integer.toUnsignedString(header.unixFds));
        }
        yield at + 4;
      }
      case HeaderField.SIGNATURE -> {
        header.signature = validator.signatureAt(at, fieldsEnd);
        yield at + header.signature.length() + 2;
      }
      default -> {
        int length = validator.textLength(at, fieldsEnd);
        text(code, at + 4, length);
        yield at + 5 + length;
      }
    };
  }

  /// Whether the message may answer a call. On a call or signal the field means nothing and is
  /// forgotten: it must not be passed on, since sd-bus refuses it there (MSG-17).
  private boolean mayAnswer() {
    return header.typeCode != MessageType.METHOD_CALL.code()
        && header.typeCode != MessageType.SIGNAL.code();
  }

  private int number(int at) throws InvalidMessageException {
    validator.require(at, 4, fieldsEnd);
    return validator.readInt(at);
  }

  /// Checks a name. One that was received lately, byte for byte, has passed the check of its
  /// grammar before.
  private void text(int code, int from, int length) throws InvalidMessageException {
    int to = from + length;
    switch (code) {
      case HeaderField.PATH -> {
        requireNotReserved(from, length, ObjectPath.LOCAL.value());
        header.path = NameCache.PATHS.find(data, from, length);
        if (header.path == null) {
          validator.requireObjectPath(from, length);
        }
        header.pathAt = from;
      }
      case HeaderField.INTERFACE -> {
        requireNotReserved(from, length, InterfaceName.LOCAL.value());
        header.interfaceName = NameCache.INTERFACES.find(data, from, length);
        if (header.interfaceName == null) {
          require(NameGrammar.interfaceName(data, from, to), Violation.INTERFACE_NAME, from, code);
        }
        header.interfaceAt = from;
      }
      case HeaderField.MEMBER -> {
        header.member = NameCache.MEMBERS.find(data, from, length);
        if (header.member == null) {
          require(NameGrammar.memberName(data, from, to), Violation.MEMBER_NAME, from, code);
        }
        header.memberAt = from;
      }
      case HeaderField.ERROR_NAME -> {
        header.errorName = NameCache.ERRORS.find(data, from, length);
        if (header.errorName == null) {
          require(NameGrammar.interfaceName(data, from, to), Violation.ERROR_NAME, from, code);
        }
        header.errorNameAt = from;
      }
      case HeaderField.DESTINATION -> {
        header.destination = busName(from, length, code);
        header.destinationAt = from;
      }
      case HeaderField.SENDER -> {
        header.sender = busName(from, length, code);
        header.senderAt = from;
      }
      default -> throw new AssertionError("field " + code + " is no text");
    }
  }

  /// A bus name, if it was received lately.
  private @Nullable BusName busName(int from, int length, int code) throws InvalidMessageException {
    BusName known = NameCache.BUS_NAMES.find(data, from, length);
    if (known == null) {
      require(NameGrammar.busName(data, from, from + length), Violation.BUS_NAME, from, code);
    }
    return known;
  }

  private static void require(int fault, Violation violation, int from, int code)
      throws InvalidMessageException {
    if (fault != NameGrammar.VALID) {
      throw new InvalidMessageException(
          violation,
          from + fault,
          "the header field " + HeaderField.name(code) + " is not a name as its grammar wants it");
    }
  }

  private void requireNotReserved(int from, int length, String reserved)
      throws InvalidMessageException {
    if (length != reserved.length()) {
      return;
    }
    for (int i = 0; i < length; i++) {
      if (data[from + i] != reserved.charAt(i)) {
        return;
      }
    }
    throw new InvalidMessageException(
        Violation.RESERVED_NAME, from, reserved + " is reserved and never sent");
  }

  private void requireFields() throws InvalidMessageException {
    int required =
        switch (MessageType.ofCode(header.typeCode)) {
          case METHOD_CALL -> 1 << HeaderField.PATH | 1 << HeaderField.MEMBER;
          case METHOD_RETURN -> 1 << HeaderField.REPLY_SERIAL;
          case ERROR -> 1 << HeaderField.ERROR_NAME | 1 << HeaderField.REPLY_SERIAL;
          case SIGNAL ->
              1 << HeaderField.PATH | 1 << HeaderField.INTERFACE | 1 << HeaderField.MEMBER;
          case UNKNOWN -> 0;
        };
    int missing = required & ~seen;
    if (missing != 0) {
      throw new InvalidMessageException(
          Violation.FIELD_MISSING,
          fieldsEnd,
          "a "
              + MessageType.ofCode(header.typeCode)
              + " has the header field "
              + HeaderField.name(Integer.numberOfTrailingZeros(missing)));
    }
  }
}
