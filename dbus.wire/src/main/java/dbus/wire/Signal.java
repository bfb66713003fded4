package dbus.wire;

import java.util.Objects;

/// Tells that something happened at an object. D-Bus Specification, "Signal Emission".
public final class Signal extends AbstractMessage implements Message {
  Signal(Header header) {
    super(header);
  }

  /// A signal without arguments.
  ///
  /// @param path the object
  /// @param interfaceName the interface that has the signal
  /// @param member the signal
  /// @return the signal, without a serial
  public static Signal of(ObjectPath path, InterfaceName interfaceName, MemberName member) {
    Header header = new Header(MessageType.SIGNAL.code());
    header.flags = Header.NO_REPLY;
    header.path = path;
    header.interfaceName = interfaceName;
    header.member = member;
    return new Signal(header);
  }

  /// The object at which it happened.
  ///
  /// @return its path
  public ObjectPath path() {
    return Objects.requireNonNull(header.path());
  }

  /// The interface that has the signal.
  ///
  /// @return its name
  public InterfaceName interfaceName() {
    return Objects.requireNonNull(header.interfaceName());
  }

  /// The signal.
  ///
  /// @return its name
  public MemberName member() {
    return Objects.requireNonNull(header.member());
  }

  /// The same message with other arguments. The file descriptors that it declares are those of the
  /// new ones.
  ///
  /// @param body the arguments; its byte order becomes the message's
  /// @return the new message
  public Signal withBody(Body body) {
    return new Signal(header.withBody(body));
  }

  /// The same message with these flags and no others.
  ///
  /// @param flags all flags
  /// @return the new message
  public Signal withFlags(MessageFlag... flags) {
    return new Signal(header.withFlags(flags));
  }

  /// The same message with a serial.
  ///
  /// @param serial an unsigned 32-bit number, 0 for none
  /// @return the new message
  public Signal withSerial(int serial) {
    return new Signal(header.withSerial(serial));
  }

  /// The same message with a destination.
  ///
  /// @param destination a bus name
  /// @return the new message
  public Signal withDestination(BusName destination) {
    return new Signal(header.withDestination(destination));
  }

  /// The same message with a sender.
  ///
  /// @param sender a bus name
  /// @return the new message
  public Signal withSender(BusName sender) {
    return new Signal(header.withSender(sender));
  }

  /// The same message with a number of file descriptors that travel with it.
  ///
  /// @param count 0 to 253
  /// @return the new message
  /// @throws IllegalArgumentException if the count is out of range
  public Signal withUnixFds(int count) {
    return new Signal(header.withUnixFds(count));
  }

  @Override
  public Signal withUnixFds(UnixFds unixFds) {
    return new Signal(header.withUnixFds(unixFds));
  }
}
