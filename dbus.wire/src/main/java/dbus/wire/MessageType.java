package dbus.wire;

/// The kinds of messages. D-Bus Specification, "Message Format".
public enum MessageType {
  /// Asks an object to do something, code 1.
  METHOD_CALL(1),
  /// Answers a call, code 2.
  METHOD_RETURN(2),
  /// Answers a call with an error, code 3.
  ERROR(3),
  /// Tells that something happened, code 4.
  SIGNAL(4),
  /// A kind that this version of the protocol does not know, code 5 to 255; to be ignored.
  UNKNOWN(0);

  private final int code;

  MessageType(int code) {
    this.code = code;
  }

  /// The number on the wire.
  ///
  /// @return 1 to 4, or 0 for [#UNKNOWN], which stands for many
  public int code() {
    return code;
  }

  static MessageType ofCode(int code) {
    return switch (code) {
      case 1 -> METHOD_CALL;
      case 2 -> METHOD_RETURN;
      case 3 -> ERROR;
      case 4 -> SIGNAL;
      default -> UNKNOWN;
    };
  }
}
