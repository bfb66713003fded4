package dbus.connection.threads;

import dbus.connection.CloseReason;

/// What this library itself has to do when a connection has ended, before the application is told.
/// It is run by whoever ends the connection: it is quick, waits for nothing, and runs no code of
/// the application's.
@FunctionalInterface
public interface Bookkeeping {

  /// Nothing to do.
  Bookkeeping NONE = reason -> {};

  /// The connection has ended.
  void ended(CloseReason reason);
}
