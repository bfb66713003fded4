package dbus.connection;

import dbus.address.Guid;
import dbus.auth.AuthPolicy;
import dbus.auth.HandshakeLimits;
import dbus.auth.HandshakeTrace;
import dbus.auth.ServerHandshake;
import dbus.auth.ServerMechanism;
import dbus.connection.threads.Bookkeeping;
import dbus.connection.transport.ConnectionThreads;
import dbus.connection.transport.Transport;
import dbus.wire.UnixFds;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;

/// Describes the server's side of one connection, and starts it.
///
/// A server that listens does this for each peer it accepts; here it can be done for a single
/// transport, without listening anywhere.
public final class ServerSide {

  private final Transport transport;
  private final Guid guid;
  private AuthPolicy policy = AuthPolicy.sameUser();
  private HandshakeTrace trace = HandshakeTrace.none();
  private List<ServerMechanism> mechanisms = List.of();
  private HandshakeLimits handshakeLimits = HandshakeLimits.DEFAULT;
  private ConnectionLimits limits = ConnectionLimits.DEFAULT;
  private Function<DBusConnection, Budget> budget = connection -> Budget.UNLIMITED;
  private ObjectTree objects = new ObjectTree();
  private Optional<Executor> executor = Optional.empty();
  private Executor firstReader = ConnectionThreads.EXECUTOR;
  private boolean paused;
  private boolean concurrent;
  private ErrorMapping errors = ErrorMapping.NONE;
  private Predicate<DBusConnection> claim = connection -> true;
  private Duration unixFdsTime = ConnectionLimits.UNIX_FDS_TIME;

  ServerSide(Transport transport, Guid guid) {
    this.transport = transport;
    this.guid = guid;
  }

  /// Who may connect; by default the user of this process alone.
  public ServerSide policy(AuthPolicy policy) {
    this.policy = policy;
    return this;
  }

  /// What the peer may cost before it is authenticated, and how long it may take; by default
  /// [HandshakeLimits#DEFAULT].
  public ServerSide handshakeLimits(HandshakeLimits limits) {
    this.handshakeLimits = limits;
    return this;
  }

  /// The mechanisms that are offered, and no others; by default those of
  /// [ServerHandshake.Builder#mechanisms(List)].
  ///
  /// @throws IllegalArgumentException if there is none
  public ServerSide mechanisms(List<ServerMechanism> inOrder) {
    if (inOrder.isEmpty()) {
      throw new IllegalArgumentException("mechanisms: at least one is needed");
    }
    this.mechanisms = List.copyOf(inOrder);
    return this;
  }

  /// Who watches the lines of the handshake, on the thread that reads; by default nobody.
  public ServerSide handshakeTrace(HandshakeTrace watcher) {
    this.trace = watcher;
    return this;
  }

  /// What the peer may cost once it is authenticated; by default [ConnectionLimits#DEFAULT].
  public ServerSide limits(ConnectionLimits limits) {
    this.limits = limits;
    return this;
  }

  /// What this connection and others may keep together; by default [Budget#UNLIMITED].
  ///
  /// @param ofPeer tells the budget when the peer is authenticated, before anything else is done
  ///   with the connection
  public ServerSide budget(Function<DBusConnection, Budget> ofPeer) {
    this.budget = ofPeer;
    return this;
  }

  /// Objects that this peer sees besides those that are exported on its connection.
  public ServerSide objects(ObjectTree shared) {
    this.objects = shared;
    return this;
  }

  /// Where all handlers run, each as a task of its own. By default the thread that reads runs the
  /// quick ones, and those that take long run on threads of their own; see [dbus.connection].
  ///
  /// The order stays: a task is submitted when the one before gives its turn back. In an executor
  /// with a single thread, a handler that calls its caller and waits for the reply cannot be called
  /// back meanwhile: the call back fails by its time limit. A call that the executor rejects is
  /// answered with the error `org.freedesktop.DBus.Error.LimitsExceeded`, in its turn.
  public ServerSide executor(Executor executor) {
    this.executor = Optional.of(executor);
    return this;
  }

  /// Lets the methods of all objects run beside each other, for this peer: handlers still begin in
  /// the order of the calls, and hold up nobody once they have begun. Properties and signals stay
  /// in order. To declare it for one method or interface there is [InterfaceBuilder#concurrent()].
  public ServerSide concurrent() {
    this.concurrent = true;
    return this;
  }

  /// Makes the connection paused, as [ClientSide#paused()] does.
  public ServerSide paused() {
    this.paused = true;
    return this;
  }

  /// How many file descriptors a message may have, in either direction; by default
  /// [ConnectionLimits#DEFAULT_UNIX_FDS]. A peer that sends more is disconnected. Where the
  /// transport carries fewer, that number holds: without native access for this module a unix
  /// socket carries 60. With 0, none are passed, and the peer is told so.
  ///
  /// @throws IllegalArgumentException if it is not 0 to 253
  public ServerSide maxUnixFds(int most) {
    this.limits = limits.withUnixFds(requireUnixFds(most));
    return this;
  }

  static int requireUnixFds(int most) {
    if (most < 0 || most > UnixFds.MAX) {
      throw new IllegalArgumentException(
          "a message has 0 to %s file descriptors, not %s".formatted(UnixFds.MAX, most));
    }
    return most;
  }

  /// How long a message with descriptors may take to be complete.
  ServerSide unixFdsTime(Duration limit) {
    this.unixFdsTime = limit;
    return this;
  }

  /// Which D-Bus error stands for which exception, for handlers and for calls; by default nothing
  /// is registered.
  public ServerSide errors(ErrorMapping errors) {
    this.errors = errors;
    return this;
  }

  /// Is shown the connection when the peer is authenticated, before its first message is read, and
  /// says whether it is wanted. Runs on the thread that reads from this peer, and holds up nobody
  /// else.
  public ServerSide onAuthenticated(Predicate<DBusConnection> claim) {
    this.claim = claim;
    return this;
  }

  /// What runs the first thread that reads, for as long as it does; by default a thread is taken
  /// from elsewhere. See [Transport#start(dbus.connection.transport.Receiver, Executor)].
  public ServerSide firstReader(Executor reader) {
    this.firstReader = reader;
    return this;
  }

  /// Starts it: the handshake first, then messages.
  ///
  /// @return completes once, when it is over, whether or not there ever was a connection
  public CompletionStage<CloseReason> start() {
    return start(claim, Bookkeeping.NONE).over();
  }

  /// Starts it. For this library's server alone: nobody else can name the type. A stage that tells
  /// the end costs a hop to another thread when it comes, which a server would pay for each peer.
  ///
  /// @param atTheEnd is run when it is over, before anybody is told
  @SuppressWarnings("exports")
  public void start(Bookkeeping atTheEnd) {
    var _ = start(claim, atTheEnd);
  }

  /// Starts it, and gives the connection to the caller.
  ///
  /// What depends on the future, and is there in time, runs before the first message is read, as
  /// [#onAuthenticated(Predicate)] does; it must not wait for a reply there. Cancelling the future
  /// refuses the peer.
  ///
  /// @return completes when the peer is authenticated, or fails with a [ConnectException]
  public CompletableFuture<DBusConnection> accept() {
    CompletableFuture<DBusConnection> opened = new CompletableFuture<>();
    var _ =
        start(connection -> claim.test(connection) && opened.complete(connection), Bookkeeping.NONE)
            .over()
            .thenAccept(reason ->
                opened.completeExceptionally(
                    new ConnectException(
                        "no connection: " + reason.detail(), reason.cause().orElse(null))));
    return opened;
  }

  private Engine start(Predicate<DBusConnection> wanted, Bookkeeping atTheEnd) {
    Engine engine = new Engine(setup(wanted, atTheEnd));
    try {
      engine.start();
    } catch (IOException e) {
      // A server says nothing before its client has spoken, so there was nothing to fail at.
      throw new AssertionError(e);
    } catch (RuntimeException | Error e) {
      engine.end(CloseReason.of(CloseReason.Kind.BROKEN, "it could not be started: " + e));
      throw e;
    }
    return engine;
  }

  /// What is chosen, and what is not, with its default.
  Setup setup(Predicate<DBusConnection> wanted, Bookkeeping atTheEnd) {
    int unixFds = Math.min(limits.unixFds(), transport.maxUnixFds());
    ServerHandshake.Builder handshake =
        ServerHandshake.builder(guid)
            .socket(transport.credentials())
            .policy(policy)
            .unixFds(unixFds > 0)
            .limits(handshakeLimits)
            .trace(trace);
    transport.remoteAddress().ifPresent(handshake::address);
    if (!mechanisms.isEmpty()) {
      handshake.mechanisms(mechanisms);
    }
    return new Setup(
        transport,
        firstReader,
        handshake.build(),
        handshakeLimits.timeLimit(),
        objects,
        executor,
        wanted,
        limits.withUnixFds(unixFds),
        budget,
        unixFdsTime,
        errors,
        paused,
        concurrent,
        atTheEnd);
  }
}
