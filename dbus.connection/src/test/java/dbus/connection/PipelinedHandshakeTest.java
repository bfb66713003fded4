package dbus.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// A client that saves a round trip, and the servers that it meets.
@DisplayName("AUTH-62 a handshake in one round trip")
class PipelinedHandshakeTest {
  private final List<ServerInMemory> servers = new ArrayList<>();

  private ServerInMemory server(boolean hangsUp) {
    ServerInMemory server = new ServerInMemory(hangsUp);
    servers.add(server);
    return server;
  }

  private static ServerInMemory gone() {
    return new ServerInMemory(false) {
      @Override
      public void write(ByteBuffer bytes, List<FileDescriptor> unixFds) throws IOException {
        throw new IOException("broken pipe");
      }
    };
  }

  private static ClientSide client(String guid) {
    return DBusConnection.to("unix:path=/nowhere,guid=" + guid);
  }

  private static ClientSide client() {
    return client(ServerInMemory.GUID.toString());
  }

  @Test
  void aServerThatLikesItIsConnectedToOnce() throws Exception {
    client().pipelined().connect((_, _) -> server(false)).close();

    assertEquals(1, servers.size());
    assertTrue(servers.getFirst().heard().getFirst().endsWith("\r\nNEGOTIATE_UNIX_FD\r\n"));
    assertEquals("BEGIN\r\n", servers.getFirst().heard().get(1));
  }

  @Test
  @DisplayName("PEER-05, PEER-21 at a server that hangs up it goes step by step")
  void aServerThatHangsUpIsConnectedToOnceMore() throws Exception {
    client().pipelined().connect((_, _) -> server(true)).close();

    assertEquals(2, servers.size());
    assertTrue(
        servers.get(1).heard().getFirst().matches("\0AUTH EXTERNAL [0-9a-f]+\r\n"),
        servers.get(1).heard()::toString);
    assertEquals(
        List.of("NEGOTIATE_UNIX_FD\r\n", "BEGIN\r\n"), servers.get(1).heard().subList(1, 3));
  }

  @Test
  @DisplayName("PEER-05 so it does where writing fails before reading does")
  void aServerThatIsGoneWhenItIsWrittenTo() throws Exception {
    client()
        .pipelined()
        .connect((_, _) -> {
          ServerInMemory server = servers.isEmpty() ? gone() : new ServerInMemory(false);
          servers.add(server);
          return server;
        })
        .close();

    assertEquals(2, servers.size());
    assertEquals(List.of(), servers.getFirst().heard());
  }

  @Test
  void connectingOnceMoreCountsWithinTheSameLimit() throws Exception {
    List<Duration> limits = new ArrayList<>();

    client()
        .pipelined()
        .connectTime(Duration.ofHours(1))
        .connect((_, limit) -> {
          limits.add(limit);
          return server(limits.size() == 1);
        })
        .close();

    assertEquals(2, limits.size());
    assertTrue(limits.getFirst().compareTo(Duration.ofHours(1)) <= 0, limits::toString);
    assertTrue(limits.get(1).compareTo(limits.getFirst()) < 0, limits::toString);
  }

  @Test
  void aServerThatIsGoneTheSecondTimeIsAnError() {
    IOException gone = new IOException("gone");

    ConnectException e =
        assertThrows(
            ConnectException.class,
            () ->
                client()
                    .pipelined()
                    .connect((_, _) -> {
                      if (servers.isEmpty()) {
                        return server(true);
                      }
                      throw gone;
                    }));

    assertEquals(gone, e.getCause());
  }

  @Test
  @DisplayName("AUTH-61 a server that is not the address's is not asked again")
  void anotherServerIsNotAskedAgain() {
    assertThrows(
        ConnectException.class,
        () ->
            client("ffffffffffffffffffffffffffffffff")
                .pipelined()
                .connect((_, _) -> server(false)));

    assertEquals(1, servers.size());
  }
}
