package dbus.server;

import dbus.address.AddressException;
import dbus.address.AddressList;
import dbus.address.Environment;
import dbus.address.Guid;
import dbus.auth.AuthObserver;
import dbus.auth.AuthPolicy;
import dbus.auth.ServerHandshake;
import dbus.auth.ServerMechanism;
import dbus.connection.DBusConnection;
import dbus.connection.ErrorMapping;
import dbus.connection.Interface;
import dbus.connection.ObjectTree;
import dbus.connection.transport.UnixSockets;
import dbus.server.listening.ListenOptions;
import dbus.server.listening.SocketFileAccess;
import dbus.wire.ObjectPath;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Describes a [DBusServer]. Every option has a safe default. Opened several times, it makes
/// several servers, which share the objects that are exported.
public final class DBusServerBuilder {

  private final List<Place> places = new ArrayList<>();
  private UnixSockets unixSockets = UnixSockets.AUTOMATIC;
  private Optional<Set<PosixFilePermission>> socketMode = Optional.empty();
  private Optional<String> socketOwner = Optional.empty();
  private Optional<String> socketGroup = Optional.empty();
  private boolean otherMachines;
  private boolean keepFilesAtExit;
  private Environment environment = Environment.ofProcess();
  final ObjectTree objects = new ObjectTree();
  private Optional<Guid> guid = Optional.empty();
  private AuthPolicy policy = AuthPolicy.sameUser();
  private boolean anonymous;
  private final List<AuthObserver> observers = new ArrayList<>();
  private List<ServerMechanism> mechanisms = List.of();
  private ServerLimits limits = ServerLimits.DEFAULT;
  private ErrorMapping errors = ErrorMapping.NONE;
  private final List<NewConnectionHandlers.Handler> handlers = new ArrayList<>();
  private @Nullable Executor executor;
  private boolean concurrent;
  private @Nullable Executor newConnectionExecutor;
  final List<ServerListener> listeners = new ArrayList<>();
  boolean jmx;

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
    this.guid = Optional.of(guid);
    return this;
  }

  /// Who may connect; by default the user of this process alone, and not even root (AUTH-58).
  public DBusServerBuilder policy(AuthPolicy policy) {
    this.policy = policy;
    return this;
  }

  /// Lets only the user of this process connect, as is the default. The same as
  /// `policy(AuthPolicy.sameUser())`.
  public DBusServerBuilder sameUser() {
    return policy(AuthPolicy.sameUser());
  }

  /// Lets every user connect who proves who they are. The same as `policy(AuthPolicy.anyUser())`.
  public DBusServerBuilder anyUser() {
    return policy(AuthPolicy.anyUser());
  }

  /// Lets peers connect who prove nothing, besides those whom the policy admits: whoever reaches
  /// the socket then gets in, unless an observer refuses.
  public DBusServerBuilder allowAnonymous() {
    this.anonymous = true;
    return this;
  }

  /// Has this observer agree as well to each peer, besides the policy and the observers that were
  /// given before.
  public DBusServerBuilder authObserver(AuthObserver observer) {
    observers.add(observer);
    return this;
  }

  /// Offers these mechanisms and no others, in this order; by default EXTERNAL, DBUS_COOKIE_SHA1,
  /// and, where anonymous peers are allowed, ANONYMOUS.
  ///
  /// @param names `EXTERNAL`, `DBUS_COOKIE_SHA1` or `ANONYMOUS`
  /// @throws IllegalArgumentException if there is none, or one that is none of these
  public DBusServerBuilder mechanisms(String... names) {
    return mechanisms(ServerMechanisms.named(names));
  }

  /// Offers these mechanisms and no others, in this order. They may be of one's own, or have
  /// another keyring.
  ///
  /// @throws IllegalArgumentException if there is none
  public DBusServerBuilder mechanisms(List<ServerMechanism> inOrder) {
    if (inOrder.isEmpty()) {
      throw new IllegalArgumentException("mechanisms: at least one is needed");
    }
    this.mechanisms = List.copyOf(inOrder);
    return this;
  }

  /// What peers may cost; by default [ServerLimits#DEFAULT].
  public DBusServerBuilder limits(ServerLimits limits) {
    this.limits = limits;
    return this;
  }

  /// Where the handlers of calls and signals run. By default the thread that reads from a peer runs
  /// the quick ones, and those that take long run on threads of their own; see [dbus.connection].
  public DBusServerBuilder executor(Executor executor) {
    this.executor = executor;
    return this;
  }

  /// Lets the methods of all objects run beside each other, for each peer, as
  /// [dbus.connection.ServerSide#concurrent()] does. By default the calls of one peer begin one
  /// after the other, in their order; those of several peers never wait for each other.
  public DBusServerBuilder concurrent() {
    this.concurrent = true;
    return this;
  }

  /// Where the handlers of new connections run. By default on the thread that reads from the new
  /// peer. In either case that peer waits for them, and nobody else does; no message of it is read
  /// until they have returned, so that they must not wait for a reply of it.
  public DBusServerBuilder newConnectionExecutor(Executor executor) {
    this.newConnectionExecutor = executor;
    return this;
  }

  /// Tells this listener what happens at the server, after those that were given before.
  public DBusServerBuilder listener(ServerListener listener) {
    listeners.add(listener);
    return this;
  }

  /// Shows the server in JMX, as a [ServerMXBean] named `dbus.server:type=DBusServer,guid=…`, until
  /// it is closed.
  public DBusServerBuilder jmx() {
    this.jmx = true;
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

  /// Lets the socket and the nonce stay where they are if the JVM ends before the server is
  /// stopped. By default they are removed then by a shutdown hook: when `main` has returned, by
  /// [System#exit(int)], or by a signal such as of Ctrl-C, but not if the process is killed.
  public DBusServerBuilder keepFilesAtExit() {
    this.keepFilesAtExit = true;
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

  /// How many file descriptors a message may have; by default 16, as in libdbus. With 0, none are
  /// passed. The same as [ServerLimits#withUnixFds(int)].
  ///
  /// @throws IllegalArgumentException if it is not 0 to 253
  public DBusServerBuilder maxUnixFds(int most) {
    return limits(limits.withUnixFds(most));
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
  ///
  /// Handlers are called in the order in which they were given here and to [#claim(Predicate)],
  /// until one has claimed the connection.
  public DBusServerBuilder onConnection(Consumer<DBusConnection> handler) {
    handlers.add(new NewConnectionHandlers.Handler.Shown(handler));
    return this;
  }

  /// As [#onConnection(Consumer)], but the handler says whether it claims the connection. The first
  /// that does is the last that is called. A connection that is not claimed is closed at once; if
  /// no handler was given here, every connection counts as claimed.
  public DBusServerBuilder claim(Predicate<DBusConnection> handler) {
    handlers.add(new NewConnectionHandlers.Handler.Claiming(handler));
    return this;
  }

  /// Binds the first address of each list that works; why others of it did not is told by
  /// [DBusServer#passedOver()]. Peers may connect from then on; they are served once the server is
  /// started.
  ///
  /// @throws ListenException if none of a list works; it tells why for each. Nothing is bound then,
  ///   and channels that were given are still the caller's
  /// @throws AddressException if one of them is not an address to listen on
  /// @throws IllegalStateException if the mechanisms are all anonymous, and anonymous peers are not
  ///   allowed; or if JMX cannot show the server
  public DBusServer open() throws ListenException {
    AuthPolicy who = fullPolicy();
    requireMechanism(who);
    Opening opened = new Opening(places, guid.orElseGet(Guid::random), listenOptions(who)).open();
    try {
      return DBusServer.of(this, who, opened.listeners(), opened.passedOver());
    } catch (RuntimeException | Error e) {
      opened.undo();
      throw e;
    }
  }

  private ListenOptions listenOptions(AuthPolicy who) {
    Set<PosixFilePermission> mode =
        socketMode.orElseGet(() -> PosixFilePermissions.fromString(defaultMode(who)));
    return new ListenOptions(
        unixSockets,
        new SocketFileAccess(mode, socketOwner, socketGroup),
        otherMachines,
        keepFilesAtExit,
        environment);
  }

  private String defaultMode(AuthPolicy who) {
    if (socketGroup.isPresent()) {
      return "rw-rw----";
    }
    return who.admitsOthersThanOwnUser() ? "rw-rw-rw-" : "rw-------";
  }

  /// [#open()], then [DBusServer#start()].
  ///
  /// @throws ListenException if none of the addresses of a list works; it tells why for each
  public DBusServer start() throws ListenException {
    DBusServer server = open();
    try {
      return server.start();
    } catch (RuntimeException | Error e) {
      // Nobody else could.
      server.close();
      throw e;
    }
  }

  /// Of the policy and all that was said besides it, in whichever order.
  private AuthPolicy fullPolicy() {
    AuthPolicy full = anonymous ? policy.allowAnonymous() : policy;
    for (AuthObserver observer : observers) {
      full = full.observedBy(observer);
    }
    return full;
  }

  /// A mistake in the options is to show here, and not when the first peer comes.
  private void requireMechanism(AuthPolicy who) {
    ServerHandshake.Builder trial = ServerHandshake.builder(Guid.random()).policy(who);
    if (!mechanisms.isEmpty()) {
      trial.mechanisms(mechanisms);
    }
    var _ = trial.build();
  }

  Reception.Setup setup(AuthPolicy who) {
    return new Reception.Setup(
        limits.resolved(who.admitsOthersThanOwnUser()),
        who,
        mechanisms,
        objects,
        errors,
        Optional.ofNullable(executor),
        concurrent,
        new NewConnectionHandlers(handlers, newConnectionExecutor));
  }
}
