package dbus.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.connection.CloseReason;
import dbus.connection.DBusConnection;
import dbus.connection.UnixFd;
import dbus.wire.Body;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import dbus.wire.UnixFds;
import dbus.wire.Value;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("SERV-16 a signal goes to all peers, or to some, and no peer holds up another")
class BroadcastTest {

  @TempDir Path directory;

  private final Witness witness = new Witness();

  private DBusServer server(ServerLimits limits) throws Exception {
    return DBusServer.at("unix:path=" + directory.resolve("s"))
        .limits(limits)
        .listener(witness)
        .start();
  }

  private static Signal signal(String text) {
    return Signal.of(new ObjectPath("/a"), new InterfaceName("a.b"), new MemberName("C"))
        .withBody(Body.of(new Value.Str(text)));
  }

  private static void awaitOpen(DBusServer server, int count) {
    while (server.counters().open() != count) {
      Thread.onSpinWait();
    }
  }

  private static String textOf(dbus.wire.Message message) throws Exception {
    return ((Value.Str) assertInstanceOf(Signal.class, message).body().values().getFirst()).value();
  }

  @Test
  void toAllThatAreConnected() throws Exception {
    try (DBusServer server = server(ServerLimits.DEFAULT)) {
      assertEquals(0, server.broadcast(signal("to nobody")));
      try (RawClient first = RawClient.authenticated(server);
          RawClient second = RawClient.authenticated(server)) {
        awaitOpen(server, 2);
        assertEquals(2, server.broadcast(signal("one")));
        assertEquals(2, server.broadcast(signal("two")));
        for (RawClient client : List.of(first, second)) {
          assertEquals("one", textOf(client.receive()));
          assertEquals("two", textOf(client.receive()));
        }
      }
      awaitOpen(server, 0);
      assertEquals(0, server.broadcast(signal("to nobody")));
    }
  }

  @Test
  void toThoseWhomAPredicateChooses() throws Exception {
    try (DBusServer server = server(ServerLimits.DEFAULT);
        RawClient first = RawClient.authenticated(server)) {
      DBusConnection chosen = Witness.next(witness.authenticated);
      try (RawClient second = RawClient.authenticated(server)) {
        awaitOpen(server, 2);
        assertEquals(1, server.broadcast(signal("secret"), chosen::equals));
        assertEquals(2, server.broadcast(signal("public")));
        assertEquals("secret", textOf(first.receive()));
        assertEquals("public", textOf(first.receive()));
        assertEquals("public", textOf(second.receive()));
      }
    }
  }

  @Test
  @DisplayName("SERV-16 no peer waits for a slow one, which gets all of it later, in order")
  void aSlowPeerDelaysNobody() throws Exception {
    try (DBusServer server = server(ServerLimits.DEFAULT);
        RawClient slow = RawClient.authenticated(server);
        RawClient reading = RawClient.authenticated(server)) {
      awaitOpen(server, 2);
      // Far more than sockets hold that nobody reads from.
      String text = "x".repeat(100_000);
      for (int i = 0; i < 100; i++) {
        assertEquals(2, server.broadcast(signal(i + text)));
        assertEquals(i + text, textOf(reading.receive()));
      }
      for (int i = 0; i < 100; i++) {
        assertEquals(i + text, textOf(slow.receive()));
      }
    }
  }

  @Test
  @DisplayName("SERV-16, CONN-40 one that does not read is ended by its own limit; others get all")
  void onePeerDoesNotRead() throws Exception {
    try (DBusServer server = server(ServerLimits.DEFAULT.withOutgoingBytes(1 << 20));
        RawClient deaf = RawClient.authenticated(server)) {
      DBusConnection ofDeaf = Witness.next(witness.authenticated);
      try (RawClient reading = RawClient.authenticated(server)) {
        awaitOpen(server, 2);
        String text = "x".repeat(100_000);
        int sent = 0;
        while (!ofDeaf.isClosed()) {
          server.broadcast(signal(text));
          sent++;
          assertEquals(text, textOf(reading.receive()));
        }
        assertEquals(CloseReason.Kind.BROKEN, Witness.next(witness.closed).kind());
        assertEquals(1, server.broadcast(signal("last")));
        assertEquals("last", textOf(reading.receive()));
        reading.ping();
        deaf.awaitEnd();
        assertFalse(sent < 10, "it was ended before its limit");
      }
    }
  }

  @Test
  @DisplayName("descriptors are refused, and closed, since each can be sent once")
  void noDescriptors() throws Exception {
    UnixFd.Pipe pipe = UnixFd.pipe();
    try (DBusServer server = server(ServerLimits.DEFAULT);
        UnixFd reader = pipe.reader()) {
      Signal signal = signal("x").withUnixFds(UnixFds.of(List.of(pipe.writer())));
      assertThrows(IllegalArgumentException.class, () -> server.broadcast(signal));
      assertFalse(pipe.writer().isOpen());
      assertTrue(reader.isOpen());
    }
  }
}
