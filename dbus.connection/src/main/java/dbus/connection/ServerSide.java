package dbus.connection;

import dbus.address.Guid;
import dbus.auth.AuthPolicy;
import dbus.auth.HandshakeLimits;
import dbus.auth.ServerHandshake;
import dbus.connection.transport.Transport;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/// Describes the server's side of one connection, and starts it.
///
/// A server that listens does this for each peer it accepts; here it can be done for a single
/// transport, without listening anywhere.
public final class ServerSide {

  /// Calls of one peer that may be in progress at a time, as in dbus-daemon.
  public static final int DEFAULT_CALLS_IN_PROGRESS = 128;

  /// Bytes that may wait to be written to one peer, as in dbus-daemon: 127 MiB.
  public static final long DEFAULT_OUTGOING_BYTES = 127L << 20;

  private final Transport transport;
  private final Guid guid;
  private AuthPolicy policy = AuthPolicy.sameUser();
  private ObjectTree objects = new ObjectTree();
  private Optional<Executor> executor = Optional.empty();
  private boolean paused;
  private Predicate<DBusConnection> claim = connection -> true;

  ServerSide(Transport transport, Guid guid) {
    this.transport = transport;
    this.guid = guid;
  }

  /// Who may connect; by default the user of this process alone.
  public ServerSide policy(AuthPolicy policy) {
    this.policy = policy;
    return this;
  }

  /// Objects that this peer sees besides those that are exported on its connection.
  public ServerSide objects(ObjectTree shared) {
    this.objects = shared;
    return this;
  }

  /// Where all handlers run. By default the thread that reads runs the quick ones, and those that
  /// take long run on threads of their own; see [dbus.connection].
  public ServerSide executor(Executor executor) {
    this.executor = Optional.of(executor);
    return this;
  }

  /// Makes the connection paused, as [ClientSide#paused()] does.
  public ServerSide paused() {
    this.paused = true;
    return this;
  }

  /// Is shown the connection when the peer is authenticated, before its first message is read, and
  /// says whether it is wanted. Runs on the thread that reads from this peer, and holds up nobody
  /// else.
  public ServerSide onAuthenticated(Predicate<DBusConnection> claim) {
    this.claim = claim;
    return this;
  }

  /// Starts it: the handshake first, then messages.
  ///
  /// @return completes once, when it is over, whether or not there ever was a connection
  public CompletionStage<CloseReason> start() {
    return start(claim);
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
        start(connection -> claim.test(connection) && opened.complete(connection))
            .thenAccept(reason ->
                opened.completeExceptionally(
                    new ConnectException(
                        "no connection: " + reason.detail(), reason.cause().orElse(null))));
    return opened;
  }

  private CompletionStage<CloseReason> start(Predicate<DBusConnection> wanted) {
    HandshakeLimits limits = HandshakeLimits.DEFAULT;
    ServerHandshake handshake =
        ServerHandshake.builder(guid)
            .socket(transport.credentials())
            .policy(policy)
            .unixFds(transport.passesUnixFds())
            .limits(limits)
            .build();
    Engine engine =
        new Engine(
            new Engine.Setup(
                transport,
                handshake,
                limits.timeLimit(),
                objects,
                executor,
                wanted,
                DEFAULT_CALLS_IN_PROGRESS,
                DEFAULT_OUTGOING_BYTES,
                paused));
    try {
      engine.start();
    } catch (IOException e) {
      // A server says nothing before its client has spoken, so there was nothing to fail at.
      throw new AssertionError(e);
    }
    return engine.over();
  }
}
