package dbus.server;

import dbus.auth.AuthPolicy;
import dbus.auth.FailureReason;
import dbus.auth.ServerMechanism;
import dbus.connection.Budget;
import dbus.connection.CloseReason;
import dbus.connection.DBusConnection;
import dbus.connection.ErrorMapping;
import dbus.connection.HandshakeFailedException;
import dbus.connection.ObjectTree;
import dbus.connection.ServerSide;
import dbus.connection.transport.ConnectionThreads;
import dbus.connection.transport.Transport;
import dbus.server.UserAccounts.Membership;
import dbus.server.listening.Listener;
import dbus.server.listening.NonceTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/// Takes each accepted peer from its first byte to a connection that is claimed, or to its end.
/// What a server asks of a peer is asked here, and nowhere else:
///
/// 1. is there a place for one more connection, and room for one more handshake
/// 2. who is it: the handshake, with the policy of the server
/// 3. is there a place in all, and for this user
/// 4. does somebody want it: the handlers of new connections
///
/// Steps 2 to 4 are on the thread that reads from the peer, and hold up nobody else. A peer is in
/// `handshakes` until step 2 is over, in `shown` during step 4, and in `connections` from then
/// until its own end. Each of them is added to before the state is looked at, and the state is
/// changed before it is emptied: whoever stops or closes the server finds a peer there, or the
/// peer's thread sees the new state.
final class Reception {

  private final Setup setup;
  private final ServerLimits limits;
  private final Watch watch;
  private final UnfinishedHandshakes handshakes;
  private final UserAccounts accounts;
  private final Semaphore places;
  private final AtomicLong numbers = new AtomicLong();
  private final Set<DBusConnection> connections = ConcurrentHashMap.newKeySet();

  /// Those that are with the handlers of new connections.
  private final Set<DBusConnection> shown = ConcurrentHashMap.newKeySet();

  private volatile boolean stopped;
  private volatile boolean finishing;
  private volatile boolean closed;

  /// What the user of the server has said.
  ///
  /// @param mechanisms that are offered; empty for the usual ones
  record Setup(
      ServerLimits limits,
      AuthPolicy policy,
      List<ServerMechanism> mechanisms,
      ObjectTree objects,
      ErrorMapping errors,
      Optional<Executor> executor,
      boolean concurrent,
      NewConnectionHandlers handlers) {}

  Reception(Setup setup, Watch watch) {
    this.setup = setup;
    this.limits = setup.limits();
    this.watch = watch;
    this.places = new Semaphore(limits.connections());
    this.accounts = new UserAccounts(limits);
    this.handshakes =
        new UnfinishedHandshakes(
            limits.unfinishedHandshakes(), limits.handshakeGrace(), this::putOut);
  }

  /// Takes a peer over that did not come by a place of the server.
  void receive(Transport transport, Listener as) {
    admit(transport, as).ifPresent(guest -> guest.begin(ConnectionThreads.EXECUTOR));
  }

  /// By the thread that accepts: takes a peer over. Waits for room among the unfinished handshakes,
  /// and never for the peer.
  ///
  /// @return empty if it is refused
  Optional<Admitted> admit(Transport transport, Listener at) {
    Guest guest = guest(transport, at);
    try {
      watch.accepted(guest.peer());
      if (places.availablePermits() == 0) {
        refuse(guest, RefusalReason.TOO_MANY_CONNECTIONS);
      } else if (handshakes.enter(guest)) {
        return Optional.of(new Admitted(guest));
      } else {
        refuse(guest, RefusalReason.STOPPED);
      }
      return Optional.empty();
    } catch (RuntimeException | Error e) {
      refuse(guest, RefusalReason.NO_RESOURCES);
      throw e;
    }
  }

  private Guest guest(Transport transport, Listener at) {
    try {
      return new Guest(
          new AcceptedPeer(
              numbers.incrementAndGet(),
              at.clientAddress(),
              transport.credentials(),
              transport.remoteAddress()),
          transport,
          at);
    } catch (RuntimeException | Error e) {
      transport.close();
      throw e;
    }
  }

  /// A guest among the unfinished handshakes, whose own is yet to begin.
  final class Admitted implements AcceptLoop.Admission {

    private final Guest guest;

    Admitted(Guest guest) {
      this.guest = guest;
    }

    @Override
    public void serveHere() {
      List<Runnable> reading = new ArrayList<>(1);
      begin(reading::add);
      reading.forEach(Runnable::run);
    }

    @Override
    public void giveUp() {
      handshakes.leave(guest);
      refuse(guest, RefusalReason.NO_RESOURCES);
    }

    /// @param firstReader runs the first thread that reads
    private void begin(Executor firstReader) {
      guest.begins();
      try {
        sideOf(guest).firstReader(firstReader).start(reason -> over(guest, reason));
        guest.hasBegun();
      } catch (RuntimeException | Error e) {
        giveUp();
        throw e;
      }
    }
  }

  private ServerSide sideOf(Guest guest) {
    ServerSide side =
        DBusConnection.serverSide(guest.transport(), guest.at().guid())
            .policy(setup.policy())
            .handshakeLimits(limits.handshake())
            .handshakeTrace(guest)
            .limits(limits.connection())
            .errors(setup.errors())
            .objects(setup.objects())
            .budget(connection -> enter(guest, connection))
            .onAuthenticated(connection -> claim(guest, connection));
    if (!setup.mechanisms().isEmpty()) {
      side.mechanisms(setup.mechanisms());
    }
    setup.executor().ifPresent(side::executor);
    if (setup.concurrent()) {
      side.concurrent();
    }
    return side;
  }

  private void putOut(Guest silent) {
    watch.refused(silent.peer(), RefusalReason.SILENT_WHILE_OTHERS_WAIT);
    silent.transport().close();
  }

  private void refuse(Guest guest, RefusalReason reason) {
    if (guest.end()) {
      watch.refused(guest.peer(), reason);
    }
    guest.transport().close();
    guest.at().left(guest.transport());
  }

  private void over(Guest guest, CloseReason reason) {
    handshakes.leave(guest);
    guest.over(reason).ifPresent(connection -> left(guest, connection, reason));
    if (guest.transport() instanceof NonceTransport gate && gate.isWrong()) {
      refuse(guest, RefusalReason.WRONG_NONCE);
    } else if (!guest.couldNotStart(reason) && guest.end()) {
      FailureReason why =
          reason.cause().orElse(null) instanceof HandshakeFailedException failed
              ? failed.reason()
              : FailureReason.END_OF_STREAM;
      watch.authenticationFailed(guest.peer(), why, reason.detail(), guest.wasRejected());
    }
    guest.letGo(() -> giveBack(guest));
    guest.at().left(guest.transport());
  }

  /// By the thread that reads, as the first thing when the peer is authenticated; [#claim] is next.
  private Budget enter(Guest guest, DBusConnection connection) {
    handshakes.leave(guest);
    if (!guest.hold()) {
      return Budget.UNLIMITED;
    }
    try {
      guest.placed(places.tryAcquire(), Optional.empty());
      guest.placed(guest.hasPlace(), accounts.enter(connection.identity()));
    } catch (RuntimeException | Error e) {
      // It will not be claimed.
      guest.letGo(() -> giveBack(guest));
      throw e;
    }
    return guest.membership().<Budget>map(Membership::budget).orElse(Budget.UNLIMITED);
  }

  /// By the thread that reads, before the first message.
  private boolean claim(Guest guest, DBusConnection connection) {
    if (!guest.isHeld()) {
      return false;
    }
    try {
      return claimHeld(guest, connection);
    } finally {
      guest.letGo(() -> giveBack(guest));
    }
  }

  private boolean claimHeld(Guest guest, DBusConnection connection) {
    if (!guest.end()) {
      // It was put out in the same moment, and told so.
      return false;
    }
    watch.authenticated(guest.peer(), connection);
    Optional<RefusalReason> refusal = Optional.of(RefusalReason.HANDLER_FAILED);
    shown.add(connection);
    try {
      refusal = refusalOf(guest, connection);
    } finally {
      shown.remove(connection);
      refusal.ifPresent(reason -> watch.refused(guest.peer(), reason));
    }
    return refusal.isEmpty() && join(guest, connection);
  }

  private Optional<RefusalReason> refusalOf(Guest guest, DBusConnection connection) {
    if (stopped || closed) {
      return Optional.of(RefusalReason.STOPPED);
    }
    if (!guest.hasPlace()) {
      return Optional.of(RefusalReason.TOO_MANY_CONNECTIONS);
    }
    if (guest.membership().isEmpty()) {
      return Optional.of(RefusalReason.TOO_MANY_OF_USER);
    }
    return setup.handlers().claim(connection)
        ? Optional.empty()
        : Optional.of(RefusalReason.NOT_CLAIMED);
  }

  private boolean join(Guest guest, DBusConnection connection) {
    connections.add(connection);
    guest.joins(connection).ifPresent(reason -> left(guest, connection, reason));
    if (finishing) {
      var _ = connection.finishCalls();
    }
    return !closed;
  }

  private void left(Guest guest, DBusConnection connection, CloseReason reason) {
    connections.remove(connection);
    watch.closed(guest.peer(), connection, reason);
  }

  private void giveBack(Guest guest) {
    guest.membership().ifPresent(accounts::leave);
    if (guest.hasPlace()) {
      places.release();
    }
  }

  Set<DBusConnection> connections() {
    return Set.copyOf(connections);
  }

  ServerCounters counters() {
    return watch.counters(handshakes.size(), connections.size(), accounts.size());
  }

  /// Takes nobody any more, and ends the handshakes that are not complete.
  void stop() {
    stopped = true;
    handshakes.stop().forEach(guest -> refuse(guest, RefusalReason.STOPPED));
  }

  /// After [#stop()]: no connection takes a call any more.
  ///
  /// @return completes when all that were taken are answered
  CompletableFuture<Void> finishCalls() {
    finishing = true;
    return CompletableFuture.allOf(
        connections.stream()
            .map(connection -> connection.finishCalls().toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new));
  }

  /// After [#stop()]: no connection is claimed from now on, so that whoever closes those of
  /// [#connections()] has closed all. Those that are with a handler are closed here: it may take
  /// long to say what it thinks of them.
  void close() {
    closed = true;
    shown.forEach(connection -> connection.close(Duration.ZERO));
  }
}
