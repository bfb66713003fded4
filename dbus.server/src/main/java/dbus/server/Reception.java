package dbus.server;

import dbus.address.Guid;
import dbus.connection.DBusConnection;
import dbus.connection.ObjectTree;
import dbus.connection.transport.Transport;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Takes each accepted peer from its first byte to a connection that is claimed, or to its end.
/// What a server asks of a peer is asked here.
///
/// A transport is in `handshakes` until its peer is authenticated or gone, then its connection is
/// in `connections` until that ends. Both are added to before the state is looked at, and the state
/// is changed before both are emptied: whoever stops or closes the server finds a peer there, or
/// the peer's thread sees the new state.
final class Reception {

  private final DBusServerBuilder options;
  private final ObjectTree objects;

  /// Of peers that are not authenticated yet.
  private final Set<Transport> handshakes = ConcurrentHashMap.newKeySet();

  private final Set<DBusConnection> connections = ConcurrentHashMap.newKeySet();

  private volatile boolean stopped;
  private volatile boolean closed;

  Reception(DBusServerBuilder options) {
    this.options = options;
    this.objects = options.objects;
  }

  /// Begins the handshake of a peer. Waits for nothing.
  void receive(Transport transport, Guid guid) {
    handshakes.add(transport);
    try {
      begin(transport, guid);
    } catch (RuntimeException | Error e) {
      handshakes.remove(transport);
      transport.close();
      throw e;
    }
    if (stopped && handshakes.remove(transport)) {
      transport.close();
    }
  }

  private void begin(Transport transport, Guid guid) {
    var _ =
        DBusConnection.serverSide(transport, guid)
            .policy(options.policy)
            .errors(options.errors)
            .objects(objects)
            .maxUnixFds(options.maxUnixFds)
            .onAuthenticated(connection -> {
              handshakes.remove(transport);
              return claim(connection);
            })
            .start()
            .whenComplete((reason, failure) -> handshakes.remove(transport));
  }

  private boolean claim(DBusConnection connection) {
    if (stopped || !options.claim.test(connection)) {
      return false;
    }
    connections.add(connection);
    var _ = connection.closed().whenComplete((reason, failure) -> connections.remove(connection));
    return !closed;
  }

  Set<DBusConnection> connections() {
    return Set.copyOf(connections);
  }

  /// Takes nobody any more, and ends the handshakes that are not complete.
  void stop() {
    stopped = true;
    handshakes.forEach(Transport::close);
  }

  /// After [#stop()]: no connection is claimed from now on, so that whoever closes those of
  /// [#connections()] has closed all.
  void close() {
    closed = true;
  }
}
