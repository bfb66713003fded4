package dbus.server;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.Address;
import dbus.address.Guid;
import dbus.auth.AuthPolicy;
import dbus.auth.ClientMechanism;
import dbus.connection.ConnectException;
import dbus.connection.DBusConnection;
import dbus.connection.Interface;
import dbus.connection.transport.Connector;
import dbus.connection.transport.Transport;
import dbus.connection.transport.UnixSockets;
import dbus.wire.Body;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The life of a server, the same on every transport.
class EveryTransportTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path directory;

  /// With DIR in place of the directory of the test.
  static Stream<String> addresses() {
    return Stream.of(
        "unix:path=DIR/s",
        "unix:dir=DIR",
        "unix:tmpdir=DIR",
        "unix:abstract=DIR",
        "unix:runtime=yes",
        "tcp:host=localhost",
        "tcp:host=127.0.0.1,port=0,family=ipv4",
        "nonce-tcp:host=localhost");
  }

  private DBusServerBuilder server(String address) {
    return DBusServer.at(address.replace("DIR", directory.toString()))
        .policy(AuthPolicy.sameUser().allowAnonymous())
        .environment(PlacesTest.environment("XDG_RUNTIME_DIR", directory.toString()))
        .export("/", Interface.named("com.example.One1").method("Nothing", () -> {}).build());
  }

  private static DBusConnection connect(Address address) throws ConnectException {
    return DBusConnection.to(address.toString())
        .mechanisms(ClientMechanism.external(), ClientMechanism.anonymous())
        .connect();
  }

  private static void call(DBusConnection client) throws Exception {
    var _ = client.call("/", "com.example.One1", "Nothing", Body.EMPTY);
  }

  /// Connects, and says nothing.
  private static Transport silent(Address address) throws IOException {
    return new Connector(UnixSockets.AUTOMATIC, false).connect(address, PATIENCE);
  }

  private static void say(Transport peer, String text) throws IOException {
    peer.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), List.of());
  }

  @ParameterizedTest
  @MethodSource("addresses")
  @DisplayName(
      "SERV-01, SERV-06 bound when it is made, served when it is started; the guid is the address's")
  void boundThenStarted(String address) throws Exception {
    Guid guid = Guid.random();
    try (DBusServer server = server(address).guid(guid).open()) {
      assertFalse(server.isActive());
      assertEquals(guid, server.guid());
      assertEquals(guid, server.clientAddress().guid().orElseThrow());
      server.clientAddress().checkConnectable();
      Transport early = silent(server.clientAddress());

      assertEquals(server, server.start().start());
      assertTrue(server.isActive());
      for (int i = 0; i < 2; i++) {
        try (DBusConnection client = connect(server.clientAddress())) {
          assertEquals(guid, client.serverGuid());
          call(client);
        }
      }
      early.close();
    }
  }

  @ParameterizedTest
  @MethodSource("addresses")
  @DisplayName("SERV-02 who connects before the server is started is served after, in order")
  void beforeTheStart(String address) throws Exception {
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    try (DBusServer server =
        server(address)
            // One after the other, since each is let in before the next one speaks.
            .onConnection(connection -> seen.add(connection.mechanism()))
            .open()) {
      List<Transport> early = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        early.add(silent(server.clientAddress()));
      }
      server.start();
      for (Transport peer : early) {
        say(peer, "\0AUTH ANONYMOUS\r\nBEGIN\r\n");
        assertEquals("ANONYMOUS", seen.take());
      }
      early.forEach(Transport::close);
    }
  }

  @ParameterizedTest
  @MethodSource("addresses")
  @DisplayName("SERV-20 many may connect before anybody is accepted")
  void backlog(String address) throws Exception {
    try (DBusServer server = server(address).open()) {
      List<Transport> waiting = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        waiting.add(silent(server.clientAddress()));
      }
      waiting.forEach(Transport::close);
    }
  }

  @ParameterizedTest
  @MethodSource("addresses")
  @DisplayName(
      "SERV-03, SERV-04, SERV-05 stopped, it refuses at once, keeps its peers, and is over for good")
  void stopped(String address) throws Exception {
    try (DBusServer server = server(address).start();
        DBusConnection client = connect(server.clientAddress())) {
      call(client);
      server.stop();
      assertFalse(server.isActive());
      assertThrows(IOException.class, () -> silent(server.clientAddress()));
      assertNothingIsLeft();
      call(client);
      assertThrows(IllegalStateException.class, server::start);
      assertDoesNotThrow(server::stop);
    }
  }

  private void assertNothingIsLeft() throws IOException {
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @ParameterizedTest
  @MethodSource("addresses")
  @DisplayName(
      "SERV-01 a server that was never started leaves nothing, and its peers are hung up on")
  void neverStarted(String address) throws Exception {
    DBusServer server = server(address).open();
    server.close();
    assertNothingIsLeft();
    assertThrows(IOException.class, () -> silent(server.clientAddress()));
  }

  @ParameterizedTest
  @MethodSource("addresses")
  @DisplayName("SERV-08 a closed server leaves no thread, descriptor or file")
  void nothingIsLeft(String address) throws Exception {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    oneLife(address);
    long descriptors = descriptors();
    for (int i = 0; i < 10; i++) {
      oneLife(address);
    }
    awaitDescriptors(descriptors);
    assertNothingIsLeft();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      boolean ofServer =
          thread.getName().startsWith("dbus-accept") || thread.getName().startsWith("dbus-reader");
      if (ofServer && !before.contains(thread)) {
        assertTrue(thread.join(PATIENCE), thread::toString);
      }
    }
  }

  private void oneLife(String address) throws Exception {
    try (DBusServer server = server(address).start();
        DBusConnection client = connect(server.clientAddress())) {
      Transport unfinished = silent(server.clientAddress());
      call(client);
      unfinished.close();
    }
  }

  /// The threads that read give the last ones back, a moment later.
  private static void awaitDescriptors(long expected) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (descriptors() > expected) {
      assertTrue(System.nanoTime() < deadline, () -> "open: " + sockets());
      Thread.onSpinWait();
    }
  }

  private static long descriptors() {
    return sockets().size();
  }

  private static Optional<String> target(Path descriptor) throws IOException {
    try {
      return Optional.of(Files.readSymbolicLink(descriptor).toString());
    } catch (NoSuchFileException closedMeanwhile) {
      return Optional.empty();
    }
  }

  private static List<String> sockets() {
    List<String> sockets = new ArrayList<>();
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      for (Path one : all.toList()) {
        target(one).ifPresent(sockets::add);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sockets;
  }

  @ParameterizedTest
  @MethodSource("addresses")
  @DisplayName("SERV-21 a child process is given neither the listening socket nor an accepted one")
  void childProcess(String address) throws Exception {
    try (DBusServer server = server(address).start();
        DBusConnection client = connect(server.clientAddress())) {
      call(client);
      Process child = new ProcessBuilder("ls", "-l", "/proc/self/fd").start();
      String listed = new String(child.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertEquals(0, child.waitFor());
      assertTrue(listed.contains("pipe:"), listed);
      assertFalse(listed.contains("socket:"), listed);
    }
  }

  @ParameterizedTest
  @MethodSource("addresses")
  @DisplayName("SERV-08 two servers of the same address: the second is refused, or stands beside")
  void twoServers(String address) throws Exception {
    try (DBusServer one = server(address).start()) {
      try (DBusServer other = server(address).start();
          DBusConnection client = connect(other.clientAddress())) {
        call(client);
      } catch (ListenException taken) {
        assertEquals(dbus.address.AddressError.ADDRESS_IN_USE, taken.error());
      }
      try (DBusConnection client = connect(one.clientAddress())) {
        assertEquals(one.guid(), client.serverGuid());
        call(client);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("addresses")
  @DisplayName("SERV-17 the address of a closed server is free at once")
  void again(String address) throws Exception {
    DBusServer first = server(address).start();
    DBusConnection client = connect(first.clientAddress());
    first.close();
    String same =
        address.startsWith("unix:path") || !address.startsWith("unix")
            ? portOf(address, first.clientAddress())
            : address;
    try (DBusServer second = server(same).start();
        DBusConnection next = connect(second.clientAddress())) {
      call(next);
    }
    client.close();
  }

  private static String portOf(String address, Address bound) {
    return bound instanceof dbus.address.TcpAddress tcp
        ? address.replace(",port=0", "") + ",port=" + tcp.port()
        : address;
  }
}
