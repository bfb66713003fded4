package dbus.server.listening;

import dbus.address.Address;
import dbus.address.Guid;
import dbus.connection.transport.Acceptor;
import dbus.connection.transport.Transport;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// A place where a server listens: its bound sockets, and what stands for them in the file system.
/// Several sockets are one place, as where a name of a host has several addresses.
public interface Listener extends AutoCloseable {

  /// The bound sockets, one at least.
  List<Acceptor> acceptors();

  /// What clients connect to, with [#guid()].
  Address clientAddress();

  /// What a peer that comes here is told.
  Guid guid();

  /// A peer that came here is gone, and all that was to be done at its end is done.
  default void left(Transport peer) {}

  /// Completes when all have left who will ever come here. Empty where it listens: there another
  /// may always come.
  default Optional<CompletionStage<Void>> deserted() {
    return Optional.empty();
  }

  /// Ends listening, and removes what was made in the file system. Never throws; what could not be
  /// removed is logged.
  @Override
  void close();
}
