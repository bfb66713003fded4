package dbus.server.listening;

import dbus.address.Address;
import dbus.address.Guid;
import dbus.connection.transport.Acceptor;
import dbus.connection.transport.ListeningSocket;
import java.util.List;

/// A place with nothing in the file system that would have to be removed.
///
/// @param clientAddress with the guid
record BoundSockets(List<Acceptor> acceptors, Address clientAddress, Guid guid)
    implements Listener {

  /// At a socket that somebody else has bound.
  static BoundSockets received(ListeningSocket socket, Guid guid, ListenOptions options) {
    if (socket.beyondThisMachine()) {
      options.requireOtherMachines("a socket that was passed on", socket.address());
    }
    return new BoundSockets(List.of(socket.acceptor()), socket.address().withGuid(guid), guid);
  }

  @Override
  public void close() {
    acceptors.forEach(Acceptor::close);
  }
}
