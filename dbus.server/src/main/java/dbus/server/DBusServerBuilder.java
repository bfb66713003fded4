package dbus.server;

import dbus.address.Address;
import dbus.address.AddressError;
import dbus.address.AddressException;
import dbus.address.AddressList;
import dbus.address.Guid;
import dbus.address.UnixDir;
import dbus.address.UnixPath;
import dbus.address.UnixTmpdir;
import dbus.auth.AuthPolicy;
import dbus.connection.DBusConnection;
import dbus.connection.ErrorMapping;
import dbus.connection.Interface;
import dbus.connection.ObjectTree;
import dbus.connection.ServerSide;
import dbus.connection.transport.UnixSockets;
import dbus.wire.ObjectPath;
import dbus.wire.UnixFds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Describes a [DBusServer]. Every option has a safe default.
public final class DBusServerBuilder {

  private final List<AddressList> places = new ArrayList<>();
  private UnixSockets unixSockets = UnixSockets.AUTOMATIC;
  final ObjectTree objects = new ObjectTree();
  Guid guid = Guid.random();
  AuthPolicy policy = AuthPolicy.sameUser();
  int maxUnixFds = ServerSide.DEFAULT_UNIX_FDS;
  ErrorMapping errors = ErrorMapping.NONE;
  Predicate<DBusConnection> claim = connection -> true;

  DBusServerBuilder(AddressList addresses) {
    places.add(addresses);
  }

  /// Listens at one more place: at the first address of this list that works, besides those of the
  /// other lists. Each place has a guid of its own.
  ///
  /// @param addresses such as `unix:path=/run/example/socket`
  /// @throws AddressException if this is not a D-Bus address
  public DBusServerBuilder alsoAt(String addresses) {
    return alsoAt(AddressList.parse(addresses));
  }

  /// As [#alsoAt(String)].
  public DBusServerBuilder alsoAt(AddressList addresses) {
    places.add(addresses);
    return this;
  }

  /// The guid that peers at the first place are told, unless its address has one; by default, and
  /// at each further place, a random one.
  public DBusServerBuilder guid(Guid guid) {
    this.guid = guid;
    return this;
  }

  /// Who may connect; by default the user of this process alone.
  public DBusServerBuilder policy(AuthPolicy policy) {
    this.policy = policy;
    return this;
  }

  /// Which unix sockets to use; by default [UnixSockets#AUTOMATIC].
  public DBusServerBuilder unixSockets(UnixSockets which) {
    this.unixSockets = which;
    return this;
  }

  /// How many file descriptors a message may have; by default [ServerSide#DEFAULT_UNIX_FDS]. With
  /// 0, none are passed. See [ServerSide#maxUnixFds(int)].
  ///
  /// @throws IllegalArgumentException if it is not 0 to 253
  public DBusServerBuilder maxUnixFds(int most) {
    if (most < 0 || most > UnixFds.MAX) {
      throw new IllegalArgumentException(
          "a message has 0 to %d file descriptors, not %d".formatted(UnixFds.MAX, most));
    }
    this.maxUnixFds = most;
    return this;
  }

  /// Which D-Bus error stands for which exception, on all connections; by default nothing is
  /// registered.
  public DBusServerBuilder errors(ErrorMapping errors) {
    this.errors = errors;
    return this;
  }

  /// Exports interfaces at a path, for all peers, before any message is read.
  ///
  /// @throws IllegalArgumentException if the path is not a valid object path
  /// @throws IllegalStateException if one of them is at this path already
  public DBusServerBuilder export(String path, Interface... interfaces) {
    var _ = objects.export(new ObjectPath(path), interfaces);
    return this;
  }

  /// Is shown each connection when its peer is authenticated, before its first message is read: the
  /// place to export what is for this peer alone. If it throws, the connection is closed. It may
  /// block; only its own peer waits.
  public DBusServerBuilder onConnection(Consumer<DBusConnection> handler) {
    return claim(connection -> {
      handler.accept(connection);
      return true;
    });
  }

  /// As [#onConnection(Consumer)], but the handler says whether the connection is wanted; one that
  /// is not is closed at once.
  public DBusServerBuilder claim(Predicate<DBusConnection> handler) {
    this.claim = handler;
    return this;
  }

  /// Binds the first address of each list that works. Peers may connect from then on; they are
  /// served once the server is started.
  ///
  /// @throws ListenException if none of a list works; it tells why for each. Nothing is bound then
  /// @throws AddressException if one of them is not an address to listen on
  public DBusServer open() throws ListenException {
    places.forEach(addresses -> addresses.forEach(Address::checkListenable));
    List<Listener> listeners = new ArrayList<>();
    try {
      for (AddressList addresses : places) {
        listeners.add(firstOf(addresses, listeners.isEmpty() ? guid : Guid.random()));
      }
      return new DBusServer(this, listeners);
    } catch (IOException | RuntimeException | Error e) {
      listeners.forEach(Listener::close);
      throw e;
    }
  }

  /// [#open()], then [DBusServer#start()].
  ///
  /// @throws ListenException if none of the addresses of a list works; it tells why for each
  public DBusServer start() throws ListenException {
    return open().start();
  }

  private Listener firstOf(AddressList addresses, Guid guid) throws ListenException {
    List<Exception> reasons = new ArrayList<>();
    for (Address address : addresses) {
      try {
        return listen(address, address.guid().orElse(guid));
      } catch (IOException | AddressException e) {
        reasons.add(e);
      }
    }
    throw ListenException.of(addresses, reasons);
  }

  private Listener listen(Address address, Guid guid) throws IOException {
    return switch (address) {
      case UnixPath path -> UnixListener.at(path, guid, unixSockets);
      case UnixDir dir -> UnixListener.drawn(dir::drawSocket, guid, unixSockets);
      case UnixTmpdir dir -> UnixListener.drawn(dir::drawSocket, guid, unixSockets);
      default ->
          throw new IOException(
              "%s: %s".formatted(AddressError.NOT_SUPPORTED.dbusName(), address.transport()));
    };
  }
}
