package dbus.wire;

/// An open file descriptor, as far as messages care: something that is to be closed.
///
/// This module does no I/O. Whoever does implements this, with all that the descriptor can be used
/// for; in `dbus.connection` it is `UnixFd`.
public interface UnixFdHandle extends AutoCloseable {
  /// Closes the descriptor. Does nothing if it is closed already, or belongs to somebody else now.
  @Override
  void close();
}
