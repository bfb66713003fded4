package dbus.connection;

/// The peer sent file descriptors that do not belong to its messages.
final class UnixFdsException extends Exception {

  private static final long serialVersionUID = 1L;

  UnixFdsException(String message) {
    super(message);
  }
}
