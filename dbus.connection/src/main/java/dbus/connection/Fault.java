package dbus.connection;

/// Why this library itself refuses a call. What the peer is told is a matter of the [ErrorDialect].
enum Fault {
  NO_OBJECT,
  NO_INTERFACE,
  NO_METHOD,
  WRONG_ARGUMENTS,
  NO_INTERFACE_OF_PROPERTY,
  NO_PROPERTY,
  NOT_READABLE,
  NOT_WRITABLE,
  WRONG_TYPE_OF_PROPERTY,
  REFUSED_VALUE;

  FaultException exception(String text) {
    return new FaultException(this, text);
  }
}
