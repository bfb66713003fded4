package dbus.wire;

/// A message of a type that this version of the protocol does not know. It was checked for form;
/// the specification wants it ignored. D-Bus Specification, "Invalid Protocol and Spec Extensions".
public final class UnknownMessage extends AbstractMessage implements Message {
  UnknownMessage(Header header) {
    super(header);
  }

  /// The number of the type.
  ///
  /// @return 5 to 255
  public int typeCode() {
    return header.typeCode;
  }

  @Override
  public UnknownMessage withUnixFds(UnixFds unixFds) {
    return new UnknownMessage(header.withUnixFds(unixFds));
  }
}
