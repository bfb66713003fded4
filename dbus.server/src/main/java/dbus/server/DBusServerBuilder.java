package dbus.server;

import dbus.address.AddressException;
import dbus.address.AddressList;
import dbus.address.Environment;
import dbus.address.Guid;
import dbus.auth.AuthPolicy;
import dbus.auth.Credentials;
import dbus.connection.DBusConnection;
import dbus.connection.ErrorMapping;
import dbus.connection.Interface;
import dbus.connection.ObjectTree;
import dbus.connection.ServerSide;
import dbus.connection.transport.UnixSockets;
import dbus.server.listening.ListenOptions;
import dbus.server.listening.SocketFileAccess;
import dbus.wire.ObjectPath;
import dbus.wire.UnixFds;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Describes a [DBusServer]. Every option has a safe default.
public final class DBusServerBuilder {

  private final List<Place> places = new ArrayList<>();
  private UnixSockets unixSockets = UnixSockets.AUTOMATIC;
  private Optional<Set<PosixFilePermission>> socketMode = Optional.empty();
  private Optional<String> socketOwner = Optional.empty();
  private Optional<String> socketGroup = Optional.empty();
  private boolean otherMachines;
  private Environment environment = Environment.ofProcess();
  final ObjectTree objects = new ObjectTree();
  Guid guid = Guid.random();
  AuthPolicy policy = AuthPolicy.sameUser();
  int maxUnixFds = ServerSide.DEFAULT_UNIX_FDS;
  ErrorMapping errors = ErrorMapping.NONE;
  Predicate<DBusConnection> claim = connection -> true;

  DBusServerBuilder(Place place) {
    places.add(place);
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
    places.add(new Place.Listed(addresses));
    return this;
  }

  /// As [#alsoAt(String)], at a channel that is bound already; see
  /// [DBusServer#at(ServerSocketChannel)].
  public DBusServerBuilder alsoAt(ServerSocketChannel bound) {
    places.add(new Place.Given(bound));
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

  /// The mode of the files of unix sockets, whatever the umask: to connect takes the permission to
  /// write. They have it from their first moment in their place on. By default it is 0600 if the
  /// policy admits the user of this process alone, and 0666 if it admits others; with
  /// [#socketGroup(String)] it is 0660. The directory's own mode is left as it is.
  ///
  /// @param mode such as `PosixFilePermissions.fromString("rw-rw----")`
  public DBusServerBuilder socketMode(Set<PosixFilePermission> mode) {
    this.socketMode = Optional.of(Set.copyOf(mode));
    return this;
  }

  /// Whom the files of unix sockets belong to; by default the user of this process. To give a file
  /// away takes privileges.
  ///
  /// @param user a name or a number; one that there is not is an error when the server is opened
  public DBusServerBuilder socketOwner(String user) {
    this.socketOwner = Optional.of(user);
    return this;
  }

  /// Which group the files of unix sockets have; by default the one that the system gives them.
  /// Members of it may connect, unless a mode is set. The policy must admit them as well.
  ///
  /// @param group a name or a number; one that there is not is an error when the server is opened
  public DBusServerBuilder socketGroup(String group) {
    this.socketGroup = Optional.of(group);
    return this;
  }

  /// Lets tcp be reached from other machines than this one. Everybody on the way can then read and
  /// change what is said: the specification advises against it. By default an address that other
  /// machines can reach is refused, also where a socket was bound by somebody else.
  public DBusServerBuilder allowOtherMachines() {
    this.otherMachines = true;
    return this;
  }

  /// Where variables are read, for `unix:runtime` and `systemd`.
  DBusServerBuilder environment(Environment environment) {
    this.environment = environment;
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

  /// Binds the first address of each list that works; why others of it did not is told by
  /// [DBusServer#passedOver()]. Peers may connect from then on; they are served once the server is
  /// started.
  ///
  /// @throws ListenException if none of a list works; it tells why for each. Nothing is bound then,
  ///   and channels that were given are still the caller's
  /// @throws AddressException if one of them is not an address to listen on
  public DBusServer open() throws ListenException {
    Opening opened = new Opening(places, guid, listenOptions()).open();
    return new DBusServer(this, opened.listeners(), opened.passedOver());
  }

  private ListenOptions listenOptions() {
    Set<PosixFilePermission> mode =
        socketMode.orElseGet(() -> PosixFilePermissions.fromString(defaultMode()));
    return new ListenOptions(
        unixSockets,
        new SocketFileAccess(mode, socketOwner, socketGroup),
        otherMachines,
        environment);
  }

  private String defaultMode() {
    if (socketGroup.isPresent()) {
      return "rw-rw----";
    }
    return policy.admitsOthersThan(Credentials.ofThisProcess()) ? "rw-rw-rw-" : "rw-------";
  }

  /// [#open()], then [DBusServer#start()].
  ///
  /// @throws ListenException if none of the addresses of a list works; it tells why for each
  public DBusServer start() throws ListenException {
    return open().start();
  }
}
