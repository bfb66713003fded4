package dbus.server;

import dbus.address.Address;
import dbus.auth.FailureReason;
import dbus.connection.CloseReason;
import dbus.connection.DBusConnection;
import dbus.connection.threads.Relay;
import dbus.server.jfr.PeerAccepted;
import dbus.server.jfr.PeerRefused;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Counts what happens at a server, and tells its listeners, the log and the JDK Flight Recorder.
/// Listeners are told on a thread of their own, in order: one that fails, or never returns, holds
/// up neither accepting, nor a peer, nor the other listeners.
final class Watch {

  private final PeerLog log;
  private final List<ServerListener> listeners;
  private final Relay relay = new Relay();
  private final LongAdder accepted = new LongAdder();
  private final LongAdder authenticated = new LongAdder();
  private final LongAdder closed = new LongAdder();
  private final LongAdder acceptFailures = new LongAdder();
  private final Map<RefusalReason, LongAdder> refused = adders(RefusalReason.class);
  private final Map<FailureReason, LongAdder> failed = adders(FailureReason.class);

  Watch(ServerLimits limits, List<ServerListener> listeners) {
    this.log = new PeerLog(limits, relay);
    this.listeners = List.copyOf(listeners);
  }

  private static <K extends Enum<K>> Map<K, LongAdder> adders(Class<K> kinds) {
    return Arrays.stream(kinds.getEnumConstants())
        .collect(
            Collectors.toMap(
                Function.identity(),
                kind -> new LongAdder(),
                (a, b) -> a,
                () -> new EnumMap<>(kinds)));
  }

  void stateChanged(ServerState state) {
    tell(listener -> listener.stateChanged(state));
  }

  void accepted(AcceptedPeer peer) {
    accepted.increment();
    PeerAccepted event = new PeerAccepted();
    if (event.isEnabled()) {
      event.peer = peer.number();
      event.address = peer.at().toString();
      event.credentials = peer.credentials().toString();
      event.remoteAddress = remoteAddress(peer);
      event.commit();
    }
    tell(listener -> listener.accepted(peer));
  }

  void refused(AcceptedPeer peer, RefusalReason reason) {
    Objects.requireNonNull(refused.get(reason)).increment();
    PeerRefused event = new PeerRefused();
    if (event.isEnabled()) {
      event.peer = peer.number();
      event.address = peer.at().toString();
      event.credentials = peer.credentials().toString();
      event.remoteAddress = remoteAddress(peer);
      event.reason = reason.name();
      event.commit();
    }
    log.refused(peer, reason);
    tell(listener -> listener.refused(peer, reason));
  }

  private static String remoteAddress(AcceptedPeer peer) {
    return peer.remoteAddress().map(Object::toString).orElse("");
  }

  /// @param wasRejected whether the peer was told that it cannot be let in, by some mechanism
  void authenticationFailed(
      AcceptedPeer peer, FailureReason reason, String detail, boolean wasRejected) {
    Objects.requireNonNull(failed.get(reason)).increment();
    log.authenticationFailed(peer, reason, detail, wasRejected);
    tell(listener -> listener.authenticationFailed(peer, reason, detail));
  }

  void authenticated(AcceptedPeer peer, DBusConnection connection) {
    authenticated.increment();
    tell(listener -> listener.authenticated(peer, connection));
  }

  void closed(AcceptedPeer peer, DBusConnection connection, CloseReason reason) {
    closed.increment();
    log.closed(peer, reason);
    tell(listener -> listener.closed(peer, connection, reason));
  }

  void acceptFailed(Address at, Throwable failure) {
    acceptFailures.increment();
    tell(listener -> listener.acceptFailed(at, failure));
  }

  private void tell(Consumer<ServerListener> news) {
    for (ServerListener listener : listeners) {
      relay.add("a listener of the server", () -> news.accept(listener));
    }
  }

  /// @param unfinished handshakes now
  /// @param open connections now
  /// @param users who have an account now
  ServerCounters counters(int unfinished, int open, int users) {
    return new ServerCounters(
        accepted.sum(),
        refused.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().sum())),
        authenticated.sum(),
        failed.entrySet().stream()
            .filter(entry -> entry.getValue().sum() > 0)
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().sum())),
        closed.sum(),
        acceptFailures.sum(),
        unfinished,
        open,
        users);
  }
}
