package dbus.wire;

/// Makes a message of the bytes of one, and checks all of them.
///
/// D-Bus Specification, "Message Format".
final class MessageParser {
  private MessageParser() {}

  /// Parses a whole message that begins at a multiple of 8 of an array, of which it becomes a view.
  /// Offsets in exceptions are counted from the start of the array.
  static Message parse(byte[] data, int start, FixedHeader fixed) throws InvalidMessageException {
    Header header = header(data, start, fixed);
    body(header);
    return switch (MessageType.ofCode(header.typeCode)) {
      case METHOD_CALL -> new MethodCall(header);
      case METHOD_RETURN -> new MethodReturn(header);
      case ERROR -> new ErrorMessage(header);
      case SIGNAL -> new Signal(header);
      case UNKNOWN -> new UnknownMessage(header);
    };
  }

  /// The header, if only its numbers are new, without a look at each field.
  private static Header header(byte[] data, int start, FixedHeader fixed)
      throws InvalidMessageException {
    if (!HeaderCache.isFor(fixed)) {
      return new HeaderParser(data, start, fixed).parse();
    }
    int hash = HeaderCache.hash(data, start, fixed);
    Header known = HeaderCache.find(hash, data, start, fixed);
    if (known != null) {
      return known.again(data, start, fixed);
    }
    Header header = new HeaderParser(data, start, fixed).parse();
    HeaderCache.met(hash, data, start, fixed);
    return header;
  }

  private static void body(Header header) throws InvalidMessageException {
    boolean empty = header.bodyAt == header.bodyEnd;
    if (header.signature.isEmpty()) {
      if (!empty) {
        throw new InvalidMessageException(
            Violation.BODY_WITHOUT_SIGNATURE,
            header.bodyAt,
            "a body has a signature, here are "
                + (header.bodyEnd - header.bodyAt)
                + " bytes without");
      }
      return;
    }
    if (empty) {
      throw new InvalidMessageException(
          Violation.BODY_MISSING,
          header.bodyAt,
          "the signature " + header.signature + " is not empty, but the body is");
    }
    BodyValidator validator = new BodyValidator(header.data, header.little, header.unixFds);
    validator.body(header.signature, header.bodyAt, header.bodyEnd);
    header.ascii = validator.isAscii();
  }
}
