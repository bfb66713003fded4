package dbus.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.auth.AuthPolicy;
import dbus.auth.Credentials;
import dbus.connection.DBusConnection;
import dbus.wire.Body;
import dbus.wire.Codec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the log of a server tells of its peers.
@DisplayName("SEC-41 the log has a line for")
class PeerLogTest {

  @TempDir Path directory;

  private final Witness witness = new Witness();

  private DBusServerBuilder server() {
    return DBusServer.at("unix:path=" + directory.resolve("s")).listener(witness);
  }

  private void assertLine(String level, int peer, String what, LoggedLines logged)
      throws Exception {
    logged.await(1);
    String expected =
        "%s peer %s \\(uid \\d+.*\\) at unix:path=%s: %s"
            .formatted(level, peer, Pattern.quote(directory.resolve("s").toString()), what);
    assertEquals(1, logged.loud().size(), () -> logged.loud().toString());
    String line = logged.loud().getFirst();
    assertTrue(line.matches(expected), line);
  }

  @Test
  @DisplayName("a peer that sends a message over the limit, with the limit")
  void messageOverItsLimit() throws Exception {
    try (LoggedLines logged = new LoggedLines();
        DBusServer server = server().limits(ServerLimits.DEFAULT.withMessageBytes(4096)).start();
        RawClient client = RawClient.authenticated(server)) {
      client.send(RawClient.pingCall().withBody(Body.of(Codec.BYTES, new byte[5000])));
      client.awaitEnd();
      var _ = Witness.next(witness.closed);
      assertLine("WARNING", 1, "the connection was ended: INVALID_MESSAGE: .*4096.*", logged);
    }
  }

  @Test
  @DisplayName("SERV-30 one too many of a user, with the limit")
  void tooManyOfUser() throws Exception {
    try (LoggedLines logged = new LoggedLines();
        DBusServer server =
            server().limits(ServerLimits.DEFAULT.withConnectionsPerUser(1)).start();
        RawClient first = RawClient.authenticated(server)) {
      first.ping();
      try (RawClient second = RawClient.hasty(server)) {
        second.awaitEnd();
      }
      assertEquals(RefusalReason.TOO_MANY_OF_USER, Witness.next(witness.refusals));
      assertLine("WARNING", 2, "refused: TOO_MANY_OF_USER, connectionsPerUser is 1", logged);
    }
  }

  @Test
  @DisplayName("SERV-30 one too many in all, with the limit")
  void tooMany() throws Exception {
    try (LoggedLines logged = new LoggedLines();
        DBusServer server = server().limits(ServerLimits.DEFAULT.withConnections(1)).start();
        RawClient first = RawClient.authenticated(server)) {
      first.ping();
      try (RawClient second = RawClient.silent(server)) {
        second.awaitEnd();
      }
      assertEquals(RefusalReason.TOO_MANY_CONNECTIONS, Witness.next(witness.refusals));
      assertLine("WARNING", 2, "refused: TOO_MANY_CONNECTIONS, connections is 1", logged);
    }
  }

  @Test
  @DisplayName("a user who is not let in, however it goes on")
  void anotherUser() throws Exception {
    try (LoggedLines logged = new LoggedLines();
        DBusServer server =
            server()
                .mechanisms("EXTERNAL")
                .policy(AuthPolicy.sameUserAs(Credentials.ofUid(4711)))
                .start()) {
      try (RawClient client = RawClient.hasty(server)) {
        assertEquals("REJECTED EXTERNAL\r\n", client.read(19));
      }
      var _ = Witness.next(witness.failures);
      assertLine("INFO", 1, "not authenticated: .*", logged);
    }
  }

  @Test
  @DisplayName("whom the application does not want")
  void notClaimed() throws Exception {
    try (LoggedLines logged = new LoggedLines();
        DBusServer server = server().claim(connection -> false).start();
        RawClient client = RawClient.hasty(server)) {
      client.awaitEnd();
      var _ = Witness.next(witness.refusals);
      assertLine("INFO", 1, "refused: NOT_CLAIMED", logged);
    }
  }

  @Test
  @DisplayName("nobody who leaves in order, and none when the server stops")
  void ordinaryEnds() throws Exception {
    try (LoggedLines logged = new LoggedLines()) {
      try (DBusServer server = server().start()) {
        try (RawClient client = RawClient.authenticated(server)) {
          client.ping();
        }
        var _ = Witness.next(witness.closed);
        try (RawClient client = RawClient.authenticated(server)) {
          client.ping();
          // Killed, with an answer unread.
          client.send(RawClient.pingCall());
        }
        var _ = Witness.next(witness.closed);
        var _ = RawClient.silent(server);
        RawClient staying = RawClient.authenticated(server);
        staying.ping();
      }
      assertEquals(List.of(), logged.loud());
    }
  }

  @Test
  @DisplayName("twenty of very many, and one that says that there are more")
  void bounded() throws Exception {
    try (LoggedLines logged = new LoggedLines();
        DBusServer server = server().claim(connection -> false).start()) {
      for (int i = 0; i < 100; i++) {
        try (RawClient client = RawClient.hasty(server)) {
          client.awaitEnd();
        }
        var _ = Witness.next(witness.refusals);
      }
      logged.await(21);
      // Another ten seconds may have begun.
      assertTrue(logged.loud().size() < 100, () -> logged.loud().toString());
      assertTrue(logged.loud().get(20).contains("more of the kind follow"));
    }
  }

  @Test
  @DisplayName("the other side: a server that ends the connection without an answer")
  void clientSide() throws Exception {
    try (DBusServer server = server().limits(ServerLimits.DEFAULT.withMessageBytes(4096)).start()) {
      List<String> lines = new ArrayList<>();
      try (ChildJvm client = ChildJvm.start(Calling.class, server.clientAddress().toString())) {
        for (String line = client.readLine(); line != null; line = client.readLine()) {
          lines.add(line);
        }
      }
      assertEquals(2, lines.size(), lines::toString);
      assertTrue(lines.getFirst().contains("its own log may tell why"), lines::toString);
      assertTrue(
          lines
              .getLast()
              .matches(
                  "INFO connection-1 at .*: the peer has ended the connection without answering calls of"
                      + " this side, 1 in all; .*"),
          lines::toString);
    }
  }

  /// Calls with more than the server takes; prints what it is told, and what is logged.
  static final class Calling {

    public static void main(String[] address) throws Exception {
      try (LoggedLines logged = new LoggedLines();
          DBusConnection peer = DBusConnection.connect(address[0])) {
        try {
          var _ = peer.call("/", "com.example.A1", "B", Body.of(Codec.BYTES, new byte[5000]));
        } catch (IOException e) {
          System.out.println(e.getMessage());
        }
        logged.await(1);
        logged.loud().forEach(System.out::println);
      }
    }
  }
}
