package dbus.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.auth.AuthPolicy;
import dbus.connection.DBusConnection;
import dbus.connection.transport.Transport;
import dbus.wire.Body;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// A server whose peer was there before it, as with systemd's `Accept=yes`.
@DisplayName("ADDR-38 a server whose only peer was there before it")
class OnlyPeerTest {

  private final Witness witness = new Witness();

  /// One peer comes here, and nobody else.
  private static final class OnePeer extends MemoryListener {

    private final CompletableFuture<Void> deserted = new CompletableFuture<>();

    @Override
    public void left(Transport peer) {
      deserted.complete(null);
    }

    @Override
    public Optional<CompletionStage<Void>> deserted() {
      return Optional.of(deserted);
    }
  }

  private DBusServer server(MemoryListener... places) {
    return DBusServer.of(
            DBusServer.at("unix:path=/not/bound").listener(witness),
            AuthPolicy.sameUser(),
            List.of(places),
            List.of())
        .start();
  }

  private static void comesAndLeaves(Transport client) throws Exception {
    try (DBusConnection peer = DBusConnection.clientSide(client).connect()) {
      var _ = peer.call("/", "org.freedesktop.DBus.Peer", "Ping", Body.EMPTY);
    }
  }

  private static void awaitStop(DBusServer server) throws Exception {
    CompletableFuture<Void> stopped =
        CompletableFuture.runAsync(
            () -> {
              try {
                server.awaitStop();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            },
            task -> Thread.ofPlatform().daemon().start(task));
    var _ = stopped.get(30, TimeUnit.SECONDS);
  }

  @Test
  @DisplayName("stops when it has left")
  void stops() throws Exception {
    OnePeer place = new OnePeer();
    Transport client = place.knock(UnaryOperator.identity());
    try (DBusServer server = server(place)) {
      assertTrue(server.isActive());
      comesAndLeaves(client);
      awaitStop(server);
      assertEquals(1, server.counters().closed(), "that it has left is told before");
    }
  }

  @Test
  @DisplayName("stops also when it was never let in")
  void stopsWithoutAPeer() throws Exception {
    OnePeer place = new OnePeer();
    Transport client = place.knock(UnaryOperator.identity());
    try (DBusServer server = server(place)) {
      client.close();
      awaitStop(server);
      var _ = Witness.next(witness.failures);
    }
  }

  @Test
  @DisplayName("goes on where others may come")
  void goesOn() throws Exception {
    OnePeer place = new OnePeer();
    MemoryListener other = new MemoryListener();
    Transport client = place.knock(UnaryOperator.identity());
    try (DBusServer server = server(place, other)) {
      comesAndLeaves(client);
      var _ = Witness.next(witness.closed);
      comesAndLeaves(other.knock(UnaryOperator.identity()));
      var _ = Witness.next(witness.closed);
      assertTrue(server.isActive());
    }
  }
}
