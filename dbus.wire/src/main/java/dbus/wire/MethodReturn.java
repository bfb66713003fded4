package dbus.wire;

/// Answers a [MethodCall]. D-Bus Specification, "Method Calls".
public final class MethodReturn extends AbstractMessage implements Message {
  MethodReturn(Header header) {
    super(header);
  }

  /// An answer without results. It goes to the sender of the call, if the call names one.
  ///
  /// @param call a call that was received, or at least has a serial
  /// @return the answer, without a serial of its own
  /// @throws IllegalArgumentException if the call has no serial
  public static MethodReturn to(MethodCall call) {
    return new MethodReturn(Header.reply(MessageType.METHOD_RETURN, call));
  }

  /// The serial of the call that is answered.
  ///
  /// @return an unsigned 32-bit number, never 0
  public int replySerial() {
    return header.replySerial;
  }

  /// The same message with other arguments. The file descriptors that it declares are those of the
  /// new ones.
  ///
  /// @param body the arguments; its byte order becomes the message's
  /// @return the new message
  public MethodReturn withBody(Body body) {
    return new MethodReturn(header.withBody(body));
  }

  /// The same message with these flags and no others.
  ///
  /// @param flags all flags
  /// @return the new message
  public MethodReturn withFlags(MessageFlag... flags) {
    return new MethodReturn(header.withFlags(flags));
  }

  /// The same message with a serial.
  ///
  /// @param serial an unsigned 32-bit number, 0 for none
  /// @return the new message
  public MethodReturn withSerial(int serial) {
    return new MethodReturn(header.withSerial(serial));
  }

  /// The same message with a destination.
  ///
  /// @param destination a bus name
  /// @return the new message
  public MethodReturn withDestination(BusName destination) {
    return new MethodReturn(header.withDestination(destination));
  }

  /// The same message with a sender.
  ///
  /// @param sender a bus name
  /// @return the new message
  public MethodReturn withSender(BusName sender) {
    return new MethodReturn(header.withSender(sender));
  }

  /// The same message with a number of file descriptors that travel with it.
  ///
  /// @param count 0 to 253
  /// @return the new message
  /// @throws IllegalArgumentException if the count is out of range
  public MethodReturn withUnixFds(int count) {
    return new MethodReturn(header.withUnixFds(count));
  }

  @Override
  public MethodReturn withUnixFds(UnixFds unixFds) {
    return new MethodReturn(header.withUnixFds(unixFds));
  }
}
