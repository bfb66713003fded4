package dbus.server.listening;

import dbus.address.Address;
import dbus.address.Guid;
import dbus.connection.transport.Acceptor;
import java.util.List;

/// A place where a server listens: its bound sockets, and what stands for them in the file system.
/// Several sockets are one place, as where a name of a host has several addresses.
public interface Listener extends AutoCloseable {

  /// The bound sockets, one at least.
  List<Acceptor> acceptors();

  /// What clients connect to, with [#guid()].
  Address clientAddress();

  /// What a peer that comes here is told.
  Guid guid();

  /// Ends listening, and removes what was made in the file system. Never throws; what could not be
  /// removed is logged.
  @Override
  void close();
}
