package dbus.server;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import dbus.address.Address;
import dbus.auth.FailureReason;
import dbus.connection.CloseReason;
import dbus.connection.DBusConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A listener that remembers what it was told, of each peer in order.
final class Witness implements ServerListener {

  /// How long a test waits for what must happen; no more than a guard against hanging.
  static final long PATIENCE_SECONDS = 60;

  private final Map<Long, List<String>> byPeer = new ConcurrentHashMap<>();
  final BlockingQueue<ServerState> states = new LinkedBlockingQueue<>();
  final BlockingQueue<RefusalReason> refusals = new LinkedBlockingQueue<>();
  final BlockingQueue<FailureReason> failures = new LinkedBlockingQueue<>();
  final BlockingQueue<DBusConnection> authenticated = new LinkedBlockingQueue<>();
  final BlockingQueue<CloseReason> closed = new LinkedBlockingQueue<>();
  final BlockingQueue<Throwable> acceptFailures = new LinkedBlockingQueue<>();
  final BlockingQueue<AcceptedPeer> accepted = new LinkedBlockingQueue<>();

  private void note(AcceptedPeer peer, String what) {
    byPeer
        .computeIfAbsent(
            peer.number(), number -> java.util.Collections.synchronizedList(new ArrayList<>()))
        .add(what);
  }

  /// What was told of a peer, the first of which is 1.
  List<String> toldOf(long peer) {
    return List.copyOf(byPeer.getOrDefault(peer, List.of()));
  }

  /// The next of what is told there.
  static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertNotNull(next, "nothing was told");
    return next;
  }

  @Override
  public void stateChanged(ServerState state) {
    states.add(state);
  }

  @Override
  public void accepted(AcceptedPeer peer) {
    note(peer, "accepted");
    accepted.add(peer);
  }

  @Override
  public void refused(AcceptedPeer peer, RefusalReason reason) {
    note(peer, "refused " + reason);
    refusals.add(reason);
  }

  @Override
  public void authenticationFailed(AcceptedPeer peer, FailureReason reason, String detail) {
    note(peer, "failed " + reason);
    failures.add(reason);
  }

  @Override
  public void authenticated(AcceptedPeer peer, DBusConnection connection) {
    note(peer, "authenticated " + connection.mechanism());
    authenticated.add(connection);
  }

  @Override
  public void closed(AcceptedPeer peer, DBusConnection connection, CloseReason reason) {
    note(peer, "closed " + reason.kind());
    closed.add(reason);
  }

  @Override
  public void acceptFailed(Address at, Throwable failure) {
    acceptFailures.add(failure);
  }
}
