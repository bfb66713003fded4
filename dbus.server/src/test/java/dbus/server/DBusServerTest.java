package dbus.server;

import static dbus.connection.Argument.in;
import static dbus.connection.Argument.out;
import static dbus.wire.Codec.STRING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.AddressException;
import dbus.address.Guid;
import dbus.address.UnixPath;
import dbus.connection.CloseReason;
import dbus.connection.DBusConnection;
import dbus.connection.Interface;
import java.io.IOException;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The life of a server, over real sockets.
class DBusServerTest {

  @TempDir Path directory;

  private DBusServerBuilder server() {
    return DBusServer.at("unix:path=" + directory.resolve("s"));
  }

  private static Path socketOf(DBusServer server) {
    return ((UnixPath) server.clientAddress()).path().toPath();
  }

  private static SocketChannel connect(DBusServer server) throws IOException {
    return SocketChannel.open(UnixDomainSocketAddress.of(socketOf(server)));
  }

  static void authenticate(SocketChannel peer) throws Exception {
    String uid = String.valueOf(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    String hex = HexFormat.of().formatHex(uid.getBytes(StandardCharsets.US_ASCII));
    peer.write(StandardCharsets.US_ASCII.encode("\0AUTH EXTERNAL " + hex + "\r\nBEGIN\r\n"));
  }

  /// What the server sends, up to so many bytes or the end. A socket that is closed before all that
  /// was sent to it has been read ends with a reset.
  private static String read(SocketChannel peer, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    try {
      while (bytes.hasRemaining() && peer.read(bytes) >= 0) {
        assertTrue(bytes.position() >= 0);
      }
    } catch (SocketException reset) {
      assertEquals("Connection reset", reset.getMessage());
    }
    return StandardCharsets.US_ASCII.decode(bytes.flip()).toString();
  }

  @Test
  @DisplayName(
      "SERV-01, ADDR-16 an address is taken when the server is made, and served when it is started")
  void boundBeforeStarted() throws Exception {
    Guid guid = Guid.random();
    try (DBusServer server = server().guid(guid).open();
        SocketChannel peer = connect(server)) {
      assertFalse(server.isActive());
      assertEquals(guid, server.guid());
      assertEquals(guid, server.clientAddress().guid().orElseThrow());
      authenticate(peer);
      server.start().start();
      assertTrue(server.isActive());
      assertEquals("OK " + guid + "\r\n", read(peer, 37));
    }
  }

  @Test
  @DisplayName(
      "SERV-03, SERV-05 a stopped server has no socket, accepts nobody, and keeps its peers")
  void stopped() throws Exception {
    BlockingQueue<DBusConnection> seen = new LinkedBlockingQueue<>();
    try (DBusServer server = server().onConnection(seen::add).start();
        SocketChannel peer = connect(server);
        SocketChannel halfWay = connect(server)) {
      authenticate(peer);
      DBusConnection connection = seen.poll(30, TimeUnit.SECONDS);
      while (server.connections().isEmpty()) {
        Thread.onSpinWait();
      }
      halfWay.write(StandardCharsets.US_ASCII.encode("\0"));
      server.stop();
      server.stop();
      assertFalse(server.isActive());
      assertFalse(Files.exists(socketOf(server)));
      assertThrows(IOException.class, () -> connect(server));
      assertFalse(connection.isClosed());
      assertEquals("", read(halfWay, 1), "an unfinished handshake is ended");
      server.close();
      CloseReason reason =
          connection.closed().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
      assertEquals(CloseReason.Kind.LOCAL, reason.kind());
    }
  }

  @Test
  @DisplayName("SERV-04 a stopped server is not started again")
  void final_() throws Exception {
    try (DBusServer server = server().open()) {
      server.stop();
      assertThrows(IllegalStateException.class, server::start);
    }
  }

  @Test
  @DisplayName("ADDR-42 of a list, the first address that works is taken")
  void firstThatWorks() throws Exception {
    String none = "unix:path=" + directory.resolve("none/s");
    try (DBusServer server = DBusServer.at(none + ";unix:dir=" + directory).start()) {
      assertEquals(directory, socketOf(server).getParent());
    }
    var e =
        assertThrows(ListenException.class, () -> DBusServer.at(none + ";" + none + "2").open());
    assertEquals(1, e.getSuppressed().length);
    assertTrue(e.getMessage().contains("none/s2"), e::getMessage);
  }

  @Test
  @DisplayName("ADDR-13 an address that nobody can listen on is refused before anything is made")
  void notListenable() throws Exception {
    DBusServerBuilder builder =
        DBusServer.at("unix:path=" + directory.resolve("s") + ";unix:path=/x,pth=y");
    var e = assertThrows(AddressException.class, builder::open);
    assertTrue(e.getMessage().contains("pth"), e::getMessage);
    try (var list = Files.list(directory)) {
      assertEquals(0, list.count());
    }
  }

  @Test
  @DisplayName("SERV-13 a handler of new connections that waits holds up its own peer only")
  void aHandlerThatWaits() throws Exception {
    BlockingQueue<DBusConnection> seen = new LinkedBlockingQueue<>();
    BlockingQueue<String> gate = new LinkedBlockingQueue<>();
    try (DBusServer server =
            server()
                .onConnection(connection -> {
                  seen.add(connection);
                  if (seen.size() == 1) {
                    take(gate);
                  }
                })
                .start();
        SocketChannel first = connect(server);
        SocketChannel second = connect(server)) {
      authenticate(first);
      while (seen.isEmpty()) {
        Thread.onSpinWait();
      }
      authenticate(second);
      while (server.connections().isEmpty()) {
        Thread.onSpinWait();
      }
      assertEquals(2, seen.size());
      gate.add("go on");
      while (server.connections().size() < 2) {
        Thread.onSpinWait();
      }
    }
  }

  private static String take(BlockingQueue<String> gate) {
    try {
      return gate.take();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @DisplayName("SERV-08 a closed server leaves no thread of its own")
  void noThreads() throws Exception {
    DBusServer server = server().start();
    SocketChannel peer = connect(server);
    authenticate(peer);
    assertEquals("OK ", read(peer, 37).substring(0, 3));
    server.close();
    assertEquals("", read(peer, 1));
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("dbus-server")
          || thread.getName().startsWith("dbus-reader")) {
        assertTrue(thread.join(java.time.Duration.ofSeconds(30)), thread::toString);
      }
    }
    peer.close();
  }

  /// The example of the package's page.
  @Test
  void example() throws Exception {
    Interface greeter =
        Interface.named("com.example.Greeter1")
            .method("Greet", in("name", STRING), out("greeting", STRING), name -> "Hello, " + name)
            .build();
    try (DBusServer server =
        DBusServer.at("unix:dir=" + directory).export("/com/example/Greeter", greeter).start()) {
      assertTrue(server.clientAddress().toString().startsWith("unix:path=" + directory));
    }
  }
}
