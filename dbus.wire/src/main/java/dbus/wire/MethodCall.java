package dbus.wire;

import java.util.Objects;
import java.util.Optional;

/// Asks an object of the peer to do something.
///
/// ```java
/// MethodCall call =
///     MethodCall.of(path, PEER, new MemberName("Ping")).withFlags(NO_REPLY_EXPECTED);
/// ```
///
/// D-Bus Specification, "Method Calls".
public final class MethodCall extends AbstractMessage implements Message {
  MethodCall(Header header) {
    super(header);
  }

  /// A call without arguments.
  ///
  /// @param path the object
  /// @param interfaceName the interface that has the method
  /// @param member the method
  /// @return the call, without a serial
  public static MethodCall of(ObjectPath path, InterfaceName interfaceName, MemberName member) {
    Header header = new Header(MessageType.METHOD_CALL.code());
    header.path = path;
    header.interfaceName = interfaceName;
    header.member = member;
    return new MethodCall(header);
  }

  /// A call without arguments that leaves it to the object which interface is meant.
  ///
  /// @param path the object
  /// @param member the method
  /// @return the call, without a serial
  public static MethodCall of(ObjectPath path, MemberName member) {
    Header header = new Header(MessageType.METHOD_CALL.code());
    header.path = path;
    header.member = member;
    return new MethodCall(header);
  }

  /// The object that is called.
  ///
  /// @return its path
  public ObjectPath path() {
    return Objects.requireNonNull(header.path());
  }

  /// The interface that has the method.
  ///
  /// @return its name, or empty if the caller left it out
  public Optional<InterfaceName> interfaceName() {
    return Optional.ofNullable(header.interfaceName());
  }

  /// The method.
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
  public MethodCall withBody(Body body) {
    return new MethodCall(header.withBody(body));
  }

  /// The same message with these flags and no others.
  ///
  /// @param flags all flags
  /// @return the new message
  public MethodCall withFlags(MessageFlag... flags) {
    return new MethodCall(header.withFlags(flags));
  }

  /// The same message with a serial.
  ///
  /// @param serial an unsigned 32-bit number, 0 for none
  /// @return the new message
  public MethodCall withSerial(int serial) {
    return new MethodCall(header.withSerial(serial));
  }

  /// The same message with a destination.
  ///
  /// @param destination a bus name
  /// @return the new message
  public MethodCall withDestination(BusName destination) {
    return new MethodCall(header.withDestination(destination));
  }

  /// The same message with a sender.
  ///
  /// @param sender a bus name
  /// @return the new message
  public MethodCall withSender(BusName sender) {
    return new MethodCall(header.withSender(sender));
  }

  /// The same message with a number of file descriptors that travel with it.
  ///
  /// @param count 0 to 253
  /// @return the new message
  /// @throws IllegalArgumentException if the count is out of range
  public MethodCall withUnixFds(int count) {
    return new MethodCall(header.withUnixFds(count));
  }

  @Override
  public MethodCall withUnixFds(UnixFds unixFds) {
    return new MethodCall(header.withUnixFds(unixFds));
  }
}
