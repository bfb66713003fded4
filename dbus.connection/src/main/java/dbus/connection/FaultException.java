package dbus.connection;

/// Made by this library, not by a handler: so the name that the peer is told depends on the
/// [ErrorDialect].
final class FaultException extends DBusErrorException {

  private static final long serialVersionUID = 1;

  private final Fault fault;

  FaultException(Fault fault, String text) {
    super(ErrorDialect.DISTINCT.nameOf(fault), text);
    this.fault = fault;
  }

  Fault fault() {
    return fault;
  }
}
